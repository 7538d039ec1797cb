import { DomainError, type FieldIssue } from '../../kernel/errors.js';
import { formatSeries, type Labels } from '../../kernel/time-series.js';

export class TooManySeriesError extends DomainError {
  constructor(maxSeries: number, refused: number) {
    super({
      code: 'telemetry.too_many_series',
      kind: 'invalid',
      message:
        `The environment holds its limit of ${maxSeries} live series; ${refused} new series were not stored. ` +
        'Raise maxSeries of the environment, or drop labels with many values in the write_relabel_configs of the sender.',
    });
  }
}

/** Some samples of a request were not stored; the others were. Remote write: 400, which senders do not retry. */
export class SamplesRejectedError extends DomainError {
  constructor(stored: number, issues: readonly FieldIssue[]) {
    super({
      code: 'telemetry.samples_rejected',
      kind: 'invalid',
      message: `${stored === 1 ? '1 sample was' : `${stored} samples were`} stored, others were not: ${issues.map((issue) => issue.message).join(' ')}`,
      issues,
    });
  }
}

export class SeriesNotFoundError extends DomainError {
  constructor(ids: readonly number[]) {
    super({
      code: 'telemetry.series_not_found',
      kind: 'not-found',
      message: `The environment has no series ${ids.slice(0, 10).join(', ')}. List them with GET .../series.`,
    });
  }
}

export class EnvironmentMissingError extends DomainError {
  constructor() {
    super({
      code: 'telemetry.environment_missing',
      kind: 'invalid',
      message:
        'The request names no environment. Use an API token that is bound to one, or send its id or slug in the header X-Dsim-Environment.',
    });
  }
}

export class EnvironmentUnknownError extends DomainError {
  constructor(reference: string) {
    super({
      code: 'telemetry.environment_unknown',
      kind: 'invalid',
      message: `There is no environment with the id or slug "${reference.slice(0, 100)}". List them with GET /api/v1/environments.`,
    });
  }
}

export class EnvironmentForbiddenError extends DomainError {
  constructor() {
    super({
      code: 'telemetry.environment_forbidden',
      kind: 'forbidden',
      message: 'The API token is bound to another environment. Use a token of this one.',
    });
  }
}

export class IngestOverloadedError extends DomainError {
  constructor() {
    super({
      code: 'telemetry.ingest_overloaded',
      kind: 'unavailable',
      message: 'Too many write requests are being handled at once. Try again shortly.',
      retryAfterSeconds: 1,
      logLevel: 'warn',
    });
  }
}

export class InvalidQueryError extends DomainError {
  constructor(path: string, message: string) {
    super({ code: 'telemetry.invalid_query', kind: 'invalid', message, issues: [{ path, message }] });
  }
}

export class InvalidSeriesError extends DomainError {
  constructor(labels: Labels, reason: string) {
    super({
      code: 'telemetry.invalid_series',
      kind: 'invalid',
      message: `Series ${formatSeries(labels).slice(0, 200)} cannot be stored: ${reason}.`,
    });
  }
}

/** Packing moved the same samples each time we looked. */
export class ReadConflictError extends DomainError {
  constructor() {
    super({
      code: 'telemetry.read_conflict',
      kind: 'unavailable',
      message: 'The samples were being moved while they were read. Try again.',
      retryAfterSeconds: 1,
    });
  }
}
