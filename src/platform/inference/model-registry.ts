import type { ModelManifest } from './model-manifest.js';

/** The models this installation has. Answers in every role, without loading the ONNX runtime. */
export abstract class ModelRegistry {
  /** By id, newest version first. */
  abstract list(): readonly ModelManifest[];
  /** The newest version where none is named. Throws `inference.model_not_found`. */
  abstract get(id: string, version?: string): ModelManifest;
  /** Absolute path of a model's file, whose checksum was verified. */
  abstract fileOf(manifest: ModelManifest): string;
}
