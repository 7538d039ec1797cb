import { DomainError } from '../../../kernel/errors.js';

/** A scenario that the parser would have refused: a name nobody has, or a distribution that cannot exist. */
export class CannotCompileError extends DomainError {
  constructor(message: string) {
    super({ code: 'simulation.cannot_compile', kind: 'invalid', message });
  }
}
