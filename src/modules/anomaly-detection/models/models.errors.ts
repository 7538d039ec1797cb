import { DomainError, type FieldIssue } from '../../../kernel/errors.js';
import type { ModelStage } from './model.types.js';

export class ModelVersionNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'anomaly_detection.model_not_found',
      kind: 'not-found',
      message: `There is no model version ${id}. List them with GET /api/v1/models.`,
    });
  }
}

/** The uploaded bytes are no model that detection can use. Nothing was stored. */
export class ModelUploadRefusedError extends DomainError {
  constructor(message: string, issues: readonly FieldIssue[], cause?: unknown) {
    super({ code: 'anomaly_detection.model_refused', kind: 'invalid', message, issues, cause });
  }
}

export class ModelTooLargeError extends DomainError {
  constructor(bytes: number, limitMegabytes: number) {
    super({
      code: 'anomaly_detection.model_too_large',
      kind: 'too-large',
      message: `The model has ${bytes} bytes; ${limitMegabytes} MiB are allowed. Make it smaller, or raise anomalyDetection.models.maxUploadMegabytes.`,
    });
  }
}

export class ModelMediaTypeError extends DomainError {
  constructor() {
    super({
      code: 'anomaly_detection.model_media_type',
      kind: 'unsupported-media-type',
      message: 'Send the ONNX file itself as the body, with Content-Type application/octet-stream.',
    });
  }
}

export class ModelTrialBusyError extends DomainError {
  constructor() {
    super({
      code: 'anomaly_detection.model_trial_busy',
      kind: 'unavailable',
      message: 'Another model is being tried out just now. Send the request again in a few seconds.',
      retryAfterSeconds: 5,
      logLevel: 'debug',
    });
  }
}

export class ModelVersionTakenError extends DomainError {
  constructor(name: string, version: string, id: string) {
    super({
      code: 'anomaly_detection.model_version_taken',
      kind: 'conflict',
      message: `${name}@${version} exists (${id}). Leave "version" out to get the next number, or choose another name.`,
      issues: [{ path: 'version', message: 'is taken; leave it out to get the next number' }],
    });
  }
}

export class ModelStageRefusedError extends DomainError {
  constructor(model: string, from: ModelStage, to: ModelStage, cure: string) {
    super({
      code: 'anomaly_detection.model_stage_refused',
      kind: 'conflict',
      message: `${model} is ${from} here and cannot become ${to}: ${cure}.`,
    });
  }
}

export class ModelUnusableError extends DomainError {
  constructor(model: string, reason: string) {
    super({
      code: 'anomaly_detection.model_unusable',
      kind: 'conflict',
      message: `${model} cannot be used: ${reason}.`,
    });
  }
}

/** A run was refused because the model is suspended or its file is gone; score with plain channels. */
export class ModelSuspendedError extends DomainError {
  constructor(model: string, reason: string) {
    super({
      code: 'anomaly_detection.model_suspended',
      kind: 'unavailable',
      message: `${model} is suspended: ${reason}. POST /api/v1/models/{id}/resume tries it again.`,
      logLevel: 'debug',
    });
  }
}

export class NoContentError extends DomainError {
  constructor(model: string) {
    super({
      code: 'anomaly_detection.model_has_no_file',
      kind: 'not-found',
      message: `${model} has no file to download. Its content is part of GET /api/v1/models/{id}.`,
    });
  }
}

export class RefitRunningError extends DomainError {
  constructor(environmentId: string) {
    super({
      code: 'anomaly_detection.refit_running',
      kind: 'conflict',
      message: `A refit of environment ${environmentId} is under way: see GET /api/v1/environments/${environmentId}/refits.`,
    });
  }
}

export class ModelSlowError extends DomainError {
  constructor(model: string, ms: number, limitMs: number) {
    super({
      code: 'anomaly_detection.model_slow',
      kind: 'unavailable',
      message: `${model} took ${ms.toFixed(0)} ms, more than the ${limitMs} ms of inference.modelRunLimitMs`,
    });
  }
}
