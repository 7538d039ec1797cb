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

export class InvalidRangeError extends DomainError {
  constructor(message: string, path: 'from' | 'to' = 'from') {
    super({ code: 'anomaly_detection.invalid_range', kind: 'invalid', message, issues: [{ path, message }] });
  }
}
