/**
 * What went wrong, in words every tier shares. `platform/http` maps a kind to a status code in one place;
 * nothing below it knows about HTTP.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'unavailable'
  | 'internal';

export type ErrorLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One bad field of the input: `path` in dotted form (`labels.job`, `series[3].samples`), `message` with the cure. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

export interface DomainErrorOptions {
  /** Stable and documented, `module.what_happened`: `telemetry.series_not_found`. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** Plain sentence that names the thing and, where there is one, the cure. Shown to callers. */
  readonly message: string;
  readonly logLevel?: ErrorLogLevel;
  readonly issues?: readonly FieldIssue[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Base of every expected failure. Subclass it per failure in a module's `<module>.errors.ts`. */
export class DomainError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly logLevel: ErrorLogLevel;
  readonly issues: readonly FieldIssue[];
  readonly retryAfterSeconds: number | undefined;

  constructor(options: DomainErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.kind = options.kind;
    this.logLevel = options.logLevel ?? defaultLogLevel(options.kind);
    this.issues = options.issues ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

function defaultLogLevel(kind: ErrorKind): ErrorLogLevel {
  if (kind === 'internal') return 'error';
  return kind === 'unavailable' ? 'warn' : 'debug';
}
