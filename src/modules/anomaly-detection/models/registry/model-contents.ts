import { readFile } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { ModelRegistry } from '../../../../platform/inference/model-registry.js';
import type { ModelRow } from '../data/model.rows.js';
import { ModelRepository } from '../data/model.repository.js';
import { ModelUnusableError, NoContentError } from '../models.errors.js';
import { nameOf } from '../model.types.js';

/** Where the file of a version is: in the database, or among those that came with this release. */
@Injectable()
export class ModelContents {
  constructor(
    private readonly models: ModelRepository,
    private readonly files: ModelRegistry,
  ) {}

  /** Throws where there is none: a calibration, or a built-in file that this release no longer has. */
  async bytesOf(model: Pick<ModelRow, 'kind' | 'origin' | 'name' | 'version' | 'sha256'>): Promise<Buffer> {
    if (model.kind === 'calibration') throw new NoContentError(nameOf(model));
    if (model.origin !== 'built-in') {
      const content = await this.models.content(model.sha256);
      if (!content) throw new ModelUnusableError(nameOf(model), 'its file is not in the database');
      return content;
    }
    const manifest = this.files.list().find(({ sha256 }) => sha256 === model.sha256);
    if (!manifest) throw new ModelUnusableError(nameOf(model), 'this release does not hold its file any more');
    return readFile(this.files.fileOf(manifest));
  }
}
