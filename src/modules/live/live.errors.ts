import { DomainError } from '../../kernel/errors.js';

export class EnvironmentNotVisible extends DomainError {
  constructor(environmentId: string) {
    super({
      code: 'live.environment_not_visible',
      kind: 'forbidden',
      message: `This token is bound to another environment than ${environmentId}. Use a token of that environment, or a user's session.`,
    });
  }
}
