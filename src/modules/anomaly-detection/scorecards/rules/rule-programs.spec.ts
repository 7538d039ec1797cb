import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRules, findPrograms } from './rule-programs.js';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'dsim-programs-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the programs that rules need', () => {
  it('are found in the path', () => {
    const found = { promtool: program('promtool', ''), prometheus: program('prometheus', '') };
    expect(findPrograms(`/nowhere:${folder}`, [])).toEqual(found);
  });

  it('are named where they are missing, with what to do', () => {
    program('promtool', '');
    expect(() => findPrograms(folder, [])).toThrow(/there is no `prometheus` on this machine. Install Prometheus/);
  });
});

it('says of mistakes what promtool says, without the places of temporary files', async () => {
  const promtool = program(
    'promtool',
    'echo "Checking $4"; echo "  FAILED:" >&2; echo "$4: 7:9: no such thing" >&2; exit 1',
  );
  await expect(checkRules(promtool, `${folder}/x.yml`, 'alerts.yml')).rejects.toThrow(
    'promtool finds mistakes in the alert rules:\nalerts.yml: 7:9: no such thing',
  );
});
