import { DomainError } from '../../kernel/errors.js';

export class ChannelNotConfiguredError extends DomainError {
  constructor(name: string, configured: readonly string[]) {
    const known = configured.length === 0 ? 'None is configured' : `Configured are: ${configured.join(', ')}`;
    super({
      code: 'notifications.channel_not_configured',
      kind: 'not-found',
      message: `There is no notification channel "${name}". ${known}; see notifications in the configuration reference.`,
    });
  }
}

export class BoundPrincipalError extends DomainError {
  constructor() {
    super({
      code: 'notifications.not_for_bound_tokens',
      kind: 'forbidden',
      message: 'A token that is bound to one environment may not test channels. Use one that is not bound.',
    });
  }
}
