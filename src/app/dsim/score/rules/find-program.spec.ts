import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from './find-program.js';

it('finds a program that answers, and says what to do where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dsim-programs-'));
  try {
    const found = join(folder, 'promtool');
    writeFileSync(found, '#!/bin/sh\nexit 0\n');
    chmodSync(found, 0o755);
    expect(findProgram('promtool', `/nowhere:${folder}`, [])).toBe(found);
    expect(() => findProgram('prometheus', folder, [])).toThrow(/there is no `prometheus` on this machine. Install/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
