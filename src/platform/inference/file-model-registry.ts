import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger } from '@nestjs/common';
import { ModelNotFoundError } from './inference.errors.js';
import type { InferenceConfig } from './inference.config.js';
import { loadModelFiles, type VerifiedModel } from './model-files.js';
import type { ModelManifest } from './model-manifest.js';
import { ModelRegistry } from './model-registry.js';

/** Same depth from `src/` and from `dist/`. */
const PROJECT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/** Made while Nest builds the container, so that a wrong checksum refuses boot before anything listens. */
@Injectable()
export class FileModelRegistry extends ModelRegistry {
  private constructor(private readonly models: readonly VerifiedModel[]) {
    super();
  }

  static async open(config: InferenceConfig): Promise<FileModelRegistry> {
    const modelsDir = isAbsolute(config.modelsDir) ? config.modelsDir : join(PROJECT_DIR, config.modelsDir);
    const models = await loadModelFiles(modelsDir, config.maxModelMegabytes * 1024 * 1024);
    new Logger(FileModelRegistry.name).log({ msg: 'models verified', models: models.map(nameOf) });
    return new FileModelRegistry(models);
  }

  override list(): readonly ModelManifest[] {
    return this.models.map((model) => model.manifest);
  }

  override get(id: string, version?: string): ModelManifest {
    return this.find(id, version).manifest;
  }

  override fileOf(manifest: ModelManifest): string {
    return this.find(manifest.id, manifest.version).path;
  }

  private find(id: string, version?: string): VerifiedModel {
    const found = this.models.find(
      ({ manifest }) => manifest.id === id && (version === undefined || manifest.version === version),
    );
    if (!found) throw new ModelNotFoundError(id, version, this.models.map(nameOf));
    return found;
  }
}

function nameOf({ manifest }: VerifiedModel): string {
  return `${manifest.id}@${manifest.version}`;
}
