import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareVersions, loadModelFiles } from './model-files.js';

const SHIPPED = fileURLToPath(new URL('../../../models', import.meta.url));
const LIMIT = 64 * 1024 * 1024;

describe('loadModelFiles', () => {
  let folder: string;
  let model: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsim-models-'));
    model = join(folder, 'robust-window', '1');
    await cp(join(SHIPPED, 'robust-window', '1'), model, { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function changeManifest(change: Record<string, unknown>): Promise<void> {
    const path = join(model, 'manifest.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
  }

  it('verifies what is shipped', async () => {
    const names = (await loadModelFiles(SHIPPED, LIMIT)).map(({ manifest }) => `${manifest.id}@${manifest.version}`);
    expect(names).toContain('robust-window@1');
  });

  it('puts the newest version first', async () => {
    await cp(model, join(folder, 'robust-window', '10'), { recursive: true });
    const path = join(folder, 'robust-window', '10', 'manifest.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), version: '10' }));
    expect((await loadModelFiles(folder, LIMIT)).map(({ manifest }) => manifest.version)).toEqual(['10', '1']);
    expect(compareVersions('1.10', '1.9')).toBeGreaterThan(0);
  });

  it('refuses a file that one byte was changed in', async () => {
    const path = join(model, 'model.onnx');
    const bytes = await readFile(path);
    bytes[100]! ^= 1;
    await writeFile(path, bytes);
    await expect(loadModelFiles(folder, LIMIT)).rejects.toThrow(
      /model\.onnx: has the checksum [0-9a-f]{64}, its manifest says/,
    );
  });

  it('refuses a file that is too large, or missing', async () => {
    await expect(loadModelFiles(folder, 1000)).rejects.toThrow('more than INFERENCE_MAX_MODEL_MEGABYTES allows');
    await rm(join(model, 'model.onnx'));
    await expect(loadModelFiles(folder, LIMIT)).rejects.toThrow('cannot be read');
  });

  it('names what is wrong in a manifest', async () => {
    await changeManifest({ opset: 'seventeen', file: '../../etc/passwd' });
    await expect(loadModelFiles(folder, LIMIT)).rejects.toThrow(
      /no valid manifest \(opset: .*; file: a file name beside/,
    );
    await writeFile(join(model, 'manifest.json'), '{');
    await expect(loadModelFiles(folder, LIMIT)).rejects.toThrow('is not JSON');
  });

  it('refuses a manifest in the folder of another model', async () => {
    await changeManifest({ version: '2' });
    await expect(loadModelFiles(folder, LIMIT)).rejects.toThrow('its manifest is of robust-window@2');
  });

  it('names the setting where there is no folder', async () => {
    await expect(loadModelFiles(join(folder, 'nowhere'), LIMIT)).rejects.toThrow('set INFERENCE_MODELS_DIR');
  });
});
