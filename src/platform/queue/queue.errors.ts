import { DomainError, type FieldIssue } from '../../kernel/errors.js';

export class QueueUnavailable extends DomainError {
  constructor(cause: unknown) {
    super({
      code: 'queue.unavailable',
      kind: 'unavailable',
      message: 'The job queue does not answer at the moment. Try again shortly.',
      retryAfterSeconds: 5,
      cause,
    });
  }
}

export class JobNotRegistered extends DomainError {
  constructor(job: string) {
    super({
      code: 'queue.job_not_registered',
      kind: 'internal',
      message: `Job "${job}" is not registered. List it in QueueModule.forFeature({ jobs: [...] }) of its module.`,
    });
  }
}

export class InvalidJobPayload extends DomainError {
  constructor(job: string, issues: readonly FieldIssue[]) {
    super({
      code: 'queue.invalid_payload',
      kind: 'internal',
      message: `The payload of job "${job}" is not valid: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}.`,
      issues,
    });
  }
}

export class UnknownPayloadVersion extends DomainError {
  constructor(job: string, found: unknown, expected: number) {
    super({
      code: 'queue.unknown_payload_version',
      kind: 'internal',
      message:
        `Job "${job}" holds a payload of version ${String(found)}; this release reads version ${expected}. ` +
        'Retry it under a release that reads it.',
    });
  }
}

/** Boot stops with all of these at once. */
export class InvalidJobCatalogue extends DomainError {
  constructor(problems: readonly string[]) {
    super({
      code: 'queue.invalid_jobs',
      kind: 'internal',
      message: `Jobs are not declared consistently: ${problems.join('; ')}.`,
    });
  }
}

export class InvalidSchedule extends DomainError {
  constructor(id: string, reason: string) {
    super({ code: 'queue.invalid_schedule', kind: 'internal', message: `Schedule "${id}" ${reason}.` });
  }
}

export class QueueNotFound extends DomainError {
  constructor(queue: string) {
    super({ code: 'queue.queue_not_found', kind: 'not-found', message: `There is no queue "${queue}".` });
  }
}

export class DeadJobNotFound extends DomainError {
  constructor(queue: string, jobId: string) {
    super({
      code: 'queue.dead_job_not_found',
      kind: 'not-found',
      message: `Queue "${queue}" has no dead job "${jobId}". It may have been retried or removed.`,
    });
  }
}
