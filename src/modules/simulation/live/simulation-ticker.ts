import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../kernel/ids.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { LiveSimulations } from './live-simulations.js';
import { SimulationBatches } from './simulation-batches.js';

/** A worker that is not heard of for so long has lost its simulations to others. */
const LEASE_SECONDS = 10;
const WARN_EVERY_MS = 60_000;
const SHUTDOWN_MS = 3_000;

/**
 * Moves the simulations of this worker: each in turn, a batch at a time, so that none that is behind starves the
 * others. A lease makes them its own, for what it has in memory is worth something.
 */
@Injectable()
export class SimulationTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SimulationTicker.name);
  private readonly owner = newId();
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private lastWarningAt = -Infinity;

  constructor(
    private readonly simulations: SimulationRepository,
    private readonly batches: SimulationBatches,
    private readonly live: LiveSimulations,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Leaves snapshots behind and lets others take over, within a bounded time; a restart recovers without them too. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.race([this.leave(), sleep(SHUTDOWN_MS, undefined, { ref: false })]);
  }

  /** One turn for each simulation of this worker. True while one of them has more to do at once. Never throws. */
  async turn(): Promise<boolean> {
    let more = false;
    try {
      for (const environmentId of await this.simulations.claim(this.owner, LEASE_SECONDS)) {
        if (this.stop.signal.aborted) return false;
        try {
          more = (await this.batches.advance(environmentId, this.stop.signal)) || more;
        } catch (error) {
          this.warn(error, environmentId);
        }
      }
    } catch (error) {
      this.warn(error);
    }
    return more;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      const began = performance.now();
      const more = await this.turn();
      const rest = more ? 0 : Math.max(0, this.config.tickMs - (performance.now() - began));
      await sleep(rest, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async leave(): Promise<void> {
    try {
      await this.running;
      for (const [environmentId] of this.live.all()) await this.batches.saveSnapshot(environmentId);
      await this.simulations.release(this.owner);
    } catch (error) {
      this.warn(error);
    }
  }

  private warn(error: unknown, environmentId?: string): void {
    const now = performance.now();
    if (now - this.lastWarningAt < WARN_EVERY_MS) return;
    this.lastWarningAt = now;
    this.logger.warn({
      msg: 'Simulations do not advance; they go on by themselves as soon as they can',
      reason: error instanceof Error ? error.message : String(error),
      ...(environmentId !== undefined && { environmentId }),
    });
  }
}
