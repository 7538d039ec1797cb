import type { LoggerService } from '@nestjs/common';
import { LogLevelControl } from '../platform/observability/log-level-control.js';
import type { LogLevelName } from '../platform/observability/observability.config.js';

/** Logger of one process: passes changes of the level on, and leaves errors at boot to the sentence on stderr. */
export class ProcessLogger extends LogLevelControl implements LoggerService {
  private booting = true;
  private follow: (level: LogLevelName) => void = () => undefined;

  constructor(
    private readonly inner: LoggerService & LogLevelControl,
    private readonly debugging: boolean,
  ) {
    super();
  }

  get level(): LogLevelName {
    return this.inner.level;
  }

  set(level: LogLevelName): void {
    this.inner.set(level);
    this.follow(level);
  }

  /** Called after every change of the level at run time. */
  onLevel(follow: (level: LogLevelName) => void): void {
    this.follow = follow;
  }

  booted(): void {
    this.booting = false;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.inner.log(message, ...rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Nest logs what boot throws, with its stack; main() says the same in one sentence.
    if (this.booting && !this.debugging && rest.at(-1) === 'ExceptionHandler') return;
    this.inner.error(message, ...rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.inner.warn(message, ...rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.inner.debug?.(message, ...rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.inner.verbose?.(message, ...rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.inner.fatal?.(message, ...rest);
  }
}
