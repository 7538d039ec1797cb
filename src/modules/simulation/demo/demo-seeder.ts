import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DomainError } from '../../../kernel/errors.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { SimulationControl } from '../live/simulation-control.js';
import { ScenarioLibrary } from '../scenarios/scenario-library.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';

/**
 * Makes the demo environment where there is none of its slug. Its history is made in the background, by the ticker; one
 * that was deleted comes back with the next start, as long as it is wanted.
 */
@Injectable()
export class DemoSeeder implements OnApplicationBootstrap {
  private readonly logger = new Logger(DemoSeeder.name);

  constructor(
    private readonly control: SimulationControl,
    private readonly library: ScenarioLibrary,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { demo } = this.config;
    if (!demo.enabled) return;
    try {
      const { scenario, source } = await this.library.get(demo.scenario);
      await this.control.create('system', {
        scenario,
        source,
        libraryName: demo.scenario,
        name: demo.slug,
        slug: demo.slug,
        solver: 'fluid',
        speed: 1,
        catchUp: true,
        start: 'now',
        historyHours: demo.historyHours,
        paused: false,
        series: demo.series,
      });
      this.logger.log({ msg: 'The demo environment is being made', slug: demo.slug, hours: demo.historyHours });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'environments.slug_taken') return;
      // A demo is no reason not to start.
      this.logger.warn({ msg: 'The demo environment cannot be made', reason: (error as Error).message });
    }
  }
}
