import { DomainError } from './errors.js';

/** Text that is no Prometheus series selector. `position` counts characters from 0. */
export class InvalidSelectorError extends DomainError {
  constructor(
    readonly selector: string,
    readonly position: number,
    what: string,
  ) {
    super({
      code: 'kernel.invalid_selector',
      kind: 'invalid',
      message: `Selector \`${selector.slice(0, 200)}\` is invalid at character ${position + 1}: ${what}.`,
      issues: [{ path: 'match', message: what }],
    });
  }
}
