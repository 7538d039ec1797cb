import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileRefusedError } from './inference.errors.js';
import { modelManifest, type ModelManifest } from './model-manifest.js';

export interface VerifiedModel {
  readonly manifest: ModelManifest;
  readonly path: string;
}

/** Reads every manifest under the folder and verifies its model file. Throws on the first that is not sound. */
export async function loadModelFiles(modelsDir: string, maxBytes: number): Promise<VerifiedModel[]> {
  const models: VerifiedModel[] = [];
  for (const id of await foldersIn(modelsDir, true)) {
    for (const version of await foldersIn(join(modelsDir, id), false)) {
      const folder = join(modelsDir, id, version);
      const manifest = await readManifest(join(folder, 'manifest.json'));
      if (manifest === undefined) continue;
      if (manifest.id !== id || manifest.version !== version) {
        throw new ModelFileRefusedError(
          folder,
          `its manifest is of ${manifest.id}@${manifest.version}; move it to ${manifest.id}/${manifest.version}`,
        );
      }
      const path = join(folder, manifest.file);
      await verify(path, manifest, maxBytes);
      models.push({ manifest, path });
    }
  }
  return models.sort(
    (a, b) => a.manifest.id.localeCompare(b.manifest.id) || compareVersions(b.manifest.version, a.manifest.version),
  );
}

async function foldersIn(folder: string, required: boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (!required) return [];
    throw new ModelFileRefusedError(folder, 'the folder cannot be read; set INFERENCE_MODELS_DIR', error);
  }
}

async function readManifest(path: string): Promise<ModelManifest | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFileRefusedError(path, 'cannot be read', error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelFileRefusedError(path, 'is not JSON', error);
  }
  const parsed = modelManifest.safeParse(json);
  if (parsed.success) return Object.freeze(parsed.data);
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ModelFileRefusedError(path, `is no valid manifest (${issues.join('; ')})`, parsed.error);
}

async function verify(path: string, manifest: ModelManifest, maxBytes: number): Promise<void> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new ModelFileRefusedError(
        path,
        `has ${size} bytes, more than INFERENCE_MAX_MODEL_MEGABYTES allows (${maxBytes})`,
      );
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof ModelFileRefusedError) throw error;
    throw new ModelFileRefusedError(path, 'cannot be read', error);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.sha256) {
    throw new ModelFileRefusedError(
      path,
      `has the checksum ${sha256}, its manifest says ${manifest.sha256}; restore the file or remove its folder`,
    );
  }
}

/** By number, part by part: 1.10 is newer than 1.9. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
