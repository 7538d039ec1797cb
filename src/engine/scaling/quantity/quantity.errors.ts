import { DomainError } from '../../../kernel/errors.js';

const WORDS = {
  format: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  suffix: "unable to parse quantity's suffix",
} as const;

/** The text is no Kubernetes quantity. */
export class QuantityFormatError extends DomainError {
  constructor(text: string, what: keyof typeof WORDS) {
    super({
      code: 'scaling.quantity_invalid',
      kind: 'invalid',
      message: `"${text}" is no quantity: ${WORDS[what]}; write for example 500m, 1.5, 10Mi or 1e3.`,
    });
  }
}
