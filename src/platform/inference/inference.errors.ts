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

/** The run was cut off: a model may take as long as its limit says, and no longer. */
export class ModelTooSlowError extends DomainError {
  constructor(model: string, limitMs: number) {
    super({
      code: 'inference.model_too_slow',
      kind: 'invalid',
      message: `Model ${model} took longer than its limit of ${limitMs} ms and was stopped. Make it smaller, or raise the limit.`,
      logLevel: 'warn',
    });
  }
}

export class ModelMemoryError extends DomainError {
  constructor(limitMegabytes: number) {
    super({
      code: 'inference.model_memory_exceeded',
      kind: 'invalid',
      message: `The model needed more than ${limitMegabytes} MiB of memory and was stopped. Make it smaller, or raise inference.modelMemoryMegabytes.`,
      logLevel: 'warn',
    });
  }
}

/** The process that runs models is gone: the model crashed the runtime, or somebody ended it. */
export class ModelProcessError extends DomainError {
  constructor(reason: string) {
    super({
      code: 'inference.model_process_ended',
      kind: 'unavailable',
      message: `The process that runs the model did not survive it: ${reason}.`,
    });
  }
}
