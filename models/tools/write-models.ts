import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { robustWindow } from '../robust-window/graph.js';
import type { ModelSource } from './model-source.js';

/** Every model that a script of ours makes. */
export const SOURCES: readonly (() => ModelSource)[] = [robustWindow];

export function manifestOf({ bytes, manifest }: ModelSource) {
  const file = 'model.onnx';
  return { ...manifest, file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Writes models/<id>/<version>/model.onnx and manifest.json. */
export function writeModels(modelsDir: string): void {
  for (const source of SOURCES.map((make) => make())) {
    const manifest = manifestOf(source);
    const folder = join(modelsDir, manifest.id, manifest.version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, manifest.file), source.bytes);
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    process.stdout.write(`${folder}: ${manifest.bytes} bytes, sha256 ${manifest.sha256}\n`);
  }
}
