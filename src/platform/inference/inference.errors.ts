import { DomainError } from '../../kernel/errors.js';

/** A model file or manifest is missing, unreadable or not what it says it is. Refuses boot. */
export class ModelFileRefusedError extends DomainError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({
      code: 'inference.model_file_refused',
      kind: 'internal',
      message: `Model file ${path}: ${problem}`,
      cause,
    });
  }
}

export class ModelNotFoundError extends DomainError {
  constructor(id: string, version: string | undefined, known: readonly string[]) {
    super({
      code: 'inference.model_not_found',
      kind: 'not-found',
      message: `There is no model ${version === undefined ? id : `${id}@${version}`}. Known: ${known.join(', ') || 'none'}.`,
    });
  }
}

export class ModelInputError extends DomainError {
  constructor(model: string, problem: string) {
    super({ code: 'inference.input_refused', kind: 'invalid', message: `Model ${model}: ${problem}` });
  }
}

export class ModelRunError extends DomainError {
  constructor(model: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super({ code: 'inference.run_failed', kind: 'internal', message: `Model ${model} did not run: ${reason}`, cause });
  }
}
