import { DomainError } from '../../kernel/errors.js';

export class SeriesNotFoundError extends DomainError {
  constructor(seriesId: number) {
    super({
      code: 'anomaly_detection.series_not_found',
      kind: 'not-found',
      message: `The environment has no series ${seriesId}. List its series with GET .../detection/series.`,
    });
  }
}

export class InvalidCursorError extends DomainError {
  constructor() {
    const message = 'The cursor is not one of this list. Leave it out to start at the first page.';
    super({
      code: 'anomaly_detection.invalid_cursor',
      kind: 'invalid',
      message,
      issues: [{ path: 'cursor', message }],
    });
  }
}

export class InvalidRangeError extends DomainError {
  constructor(message: string) {
    super({ code: 'anomaly_detection.invalid_range', kind: 'invalid', message, issues: [{ path: 'from', message }] });
  }
}
