/** Signals this close together are one wish: a terminal signals the whole group, and npm passes on what it got itself. */
const SAME_WISH_MS = 1_000;

export interface StopStep {
  readonly name: string;
  stop(): Promise<void>;
  /** Ends it at once, when the operator insists. Must not throw. */
  force?(): void;
}

export interface LifecycleOptions {
  readonly report: (line: string) => void;
  readonly exit: (code: number) => void;
  readonly now?: () => number;
}

/** What has been started, and how to stop it again in reverse order, whatever the reason. */
export class ProcessLifecycle {
  private readonly steps: StopStep[] = [];
  private stopping: Promise<void> | undefined;
  private firstSignalAt: number | undefined;
  private readonly now: () => number;

  constructor(private readonly options: LifecycleOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** Registered as soon as the thing exists, so that a signal during boot finds it. */
  started(step: StopStep): void {
    this.steps.push(step);
  }

  /** Stops everything, last started first. One failing step does not keep the others running. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** For where nobody waits for the end. It comes even where stopping fails. */
  stopAndExit(code: number): void {
    const exit = (): void => this.options.exit(code);
    this.stop().then(exit, exit);
  }

  /** The first signal stops gracefully, a later one ends everything at once. */
  onSignal(signal: NodeJS.Signals): void {
    if (this.firstSignalAt === undefined) {
      this.firstSignalAt = this.now();
      this.options.report(`${signal} received: stopping. Send it again to stop at once.`);
      this.stopAndExit(0);
      return;
    }
    if (this.now() - this.firstSignalAt < SAME_WISH_MS) return;
    this.options.report('Stopping at once.');
    for (const step of this.steps.toReversed()) step.force?.();
    this.options.exit(130);
  }

  listen(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']): void {
    for (const signal of signals) process.on(signal, () => this.onSignal(signal));
  }

  private async stopAll(): Promise<void> {
    // Boot may still be adding steps while a signal stops it, so look again until none is left.
    for (let step = this.steps.at(-1); step; step = this.steps.at(-1)) {
      const { name } = step;
      await step.stop().catch((error: unknown) => {
        this.options.report(`${name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      });
      // Removed only now, so that a second signal can still force it.
      this.steps.splice(this.steps.indexOf(step), 1);
    }
  }
}
