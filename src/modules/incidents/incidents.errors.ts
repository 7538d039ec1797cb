import { DomainError } from '../../kernel/errors.js';

export class IncidentNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'incidents.incident_not_found',
      kind: 'not-found',
      message: `There is no incident ${id} that you may see. GET /api/v1/incidents lists those that exist.`,
    });
  }
}

export class IncidentAlreadyResolvedError extends DomainError {
  constructor(incident: {
    readonly number: number;
    readonly resolvedAt: Date;
    readonly resolvedBy: string | null;
    readonly merged: boolean;
  }) {
    const how = incident.merged
      ? 'became part of an older incident'
      : `was already resolved ${incident.resolvedBy === null ? 'by itself' : `by ${incident.resolvedBy}`}`;
    super({
      code: 'incidents.already_resolved',
      kind: 'conflict',
      message:
        `Incident ${incident.number} ${how} at ${incident.resolvedAt.toISOString()}. ` +
        'Nothing is left to do; a new related anomaly shows up as an incident of its own or reopens this one.',
    });
  }
}
