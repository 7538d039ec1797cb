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

export class AnomalyNotFoundError extends DomainError {
  constructor(anomalyId: string) {
    super({
      code: 'anomaly_detection.anomaly_not_found',
      kind: 'not-found',
      message: `The environment has no anomaly ${anomalyId}. List its anomalies with GET .../anomalies.`,
    });
  }
}

export class GroupNotFoundError extends DomainError {
  constructor(groupId: string) {
    super({
      code: 'anomaly_detection.group_not_found',
      kind: 'not-found',
      message: `The environment has no anomaly group ${groupId}. List its groups with GET .../anomaly-groups.`,
    });
  }
}

export class InvalidMatchError extends DomainError {
  constructor(index: number, message: string) {
    super({
      code: 'anomaly_detection.invalid_match',
      kind: 'invalid',
      message,
      issues: [{ path: `match[${index}]`, message }],
    });
  }
}

export class TooManyMetricsError extends DomainError {
  constructor(most: number) {
    const message = `More than ${most} series match. Ask for fewer with match[], as in match[]=anomaly_score{service="web"}.`;
    super({
      code: 'anomaly_detection.too_many_metrics',
      kind: 'invalid',
      message,
      issues: [{ path: 'match[]', message }],
    });
  }
}
