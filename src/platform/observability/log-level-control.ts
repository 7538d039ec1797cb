import type { LogLevelName } from './observability.config.js';

/** Reads and changes the level of this process's logs while it runs. */
export abstract class LogLevelControl {
  abstract get level(): LogLevelName;
  abstract set(level: LogLevelName): void;
}
