import { Logger } from '@nestjs/common';

export interface PollLoopOptions {
  readonly name: string;
  readonly intervalMs: number;
  /** Longest pause between looks while looking fails. */
  readonly maxBackoffMs: number;
  /** Returns true when there may be more at once. */
  readonly look: () => Promise<boolean>;
}

/** Looks again and again: at once when woken or when there is more, otherwise on a clock, slower while it fails. */
export class PollLoop {
  private readonly logger: Logger;
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private interrupt: () => void = () => undefined;

  constructor(private readonly options: PollLoopOptions) {
    this.logger = new Logger(options.name);
  }

  start(): void {
    this.stopped = false;
    this.running ??= this.loop().finally(() => (this.running = undefined));
  }

  wake(): void {
    this.woken = true;
    this.interrupt();
  }

  /** Resolves when the current look is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.interrupt();
    await this.running;
  }

  private async loop(): Promise<void> {
    for (let failures = 0; !this.stopped;) {
      this.woken = false;
      let more = false;
      try {
        more = await this.options.look();
        if (failures > 0) this.logger.log({ msg: 'works again', failures });
        failures = 0;
      } catch (error) {
        failures++;
        if (failures === 1)
          this.logger.warn({
            msg: 'fails; trying again',
            reason: error instanceof Error ? error.message : String(error),
          });
      }
      if (!more && !this.woken) await this.pause(failures);
    }
  }

  private async pause(failures: number): Promise<void> {
    const { intervalMs, maxBackoffMs } = this.options;
    const delayMs = Math.min(intervalMs * 2 ** failures, Math.max(maxBackoffMs, intervalMs));
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.interrupt = () => undefined;
  }
}
