import { DomainError } from '../../kernel/errors.js';

export class InvalidEventPayload extends DomainError {
  constructor(type: string, detail: string) {
    super({
      code: 'events.invalid_payload',
      kind: 'internal',
      message: `The payload of event "${type}" is not valid: ${detail}.`,
    });
  }
}

/** Boot stops with all of these at once. */
export class InvalidSubscriptions extends DomainError {
  constructor(problems: readonly string[]) {
    super({
      code: 'events.invalid_subscriptions',
      kind: 'internal',
      message: `Subscribers are not declared consistently: ${problems.join('; ')}.`,
    });
  }
}
