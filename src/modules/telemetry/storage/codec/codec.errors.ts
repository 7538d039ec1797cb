import { DomainError } from '../../../../kernel/errors.js';

/** Stored bytes that cannot be what we wrote: a flipped bit, a cut row, or a format of a newer release. */
export class CorruptTelemetryError extends DomainError {
  constructor(what: string) {
    super({
      code: 'telemetry.corrupt_storage',
      kind: 'internal',
      message: `Stored telemetry is unreadable: ${what}. Restore the row from a backup, or delete it to go on without it.`,
    });
  }
}
