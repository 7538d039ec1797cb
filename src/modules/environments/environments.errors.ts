import { DomainError } from '../../kernel/errors.js';
import type { EnvironmentKind } from './environments.reader.js';

export class EnvironmentNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'environments.environment_not_found',
      kind: 'not-found',
      message: `There is no environment ${id}. GET /api/v1/environments lists them.`,
    });
  }
}

export class SlugTakenError extends DomainError {
  constructor(slug: string) {
    super({
      code: 'environments.slug_taken',
      kind: 'conflict',
      message: `Another environment has the slug "${slug}". Choose another, or leave it out to have one made from the name.`,
      issues: [{ path: 'slug', message: 'is taken' }],
    });
  }
}

export class KindNotCreatableError extends DomainError {
  constructor(kind: EnvironmentKind) {
    super({
      code: 'environments.kind_not_creatable',
      kind: 'invalid',
      message:
        kind === 'host'
          ? 'The environment of this machine is created by the host source when it is turned on, not through the API.'
          : 'Simulated environments are created from a scenario: POST /api/v1/simulations.',
      issues: [{ path: 'kind', message: `cannot be "${kind}" here` }],
    });
  }
}

export class EnvironmentKindMismatchError extends DomainError {
  constructor(slug: string, found: EnvironmentKind, wanted: EnvironmentKind) {
    super({
      code: 'environments.kind_mismatch',
      kind: 'conflict',
      message: `The environment "${slug}" is of kind ${found}, but a ${wanted} source wants to write to it. Delete it or rename the source.`,
      logLevel: 'error',
    });
  }
}

export class DeletionNotConfirmedError extends DomainError {
  constructor(slug: string) {
    super({
      code: 'environments.deletion_not_confirmed',
      kind: 'invalid',
      message: `Deleting removes all samples, anomalies and incidents of the environment. Confirm it with ?confirm=${slug}`,
      issues: [{ path: 'confirm', message: `must be the slug "${slug}"` }],
    });
  }
}
