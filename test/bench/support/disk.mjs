import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What durability costs here: how often per second a small write is acknowledged by the disk of temporary files. */
export function syncsPerSecond() {
  const folder = mkdtempSync(join(tmpdir(), 'dsim-bench-disk-'));
  const file = openSync(join(folder, 'file'), 'w');
  const block = Buffer.alloc(8_192, 1);
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < 500) {
    writeSync(file, block, 0, block.length, (count++ % 1_000) * block.length);
    fdatasyncSync(file);
  }
  closeSync(file);
  rmSync(folder, { recursive: true });
  return Math.round(count / ((performance.now() - started) / 1_000));
}
