import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFolder } from './output-folder.js';

let here: string;
beforeEach(() => (here = mkdtempSync(join(tmpdir(), 'dsim-out-'))));
afterEach(() => rmSync(here, { recursive: true, force: true }));

describe('OutputFolder', () => {
  it('shows up complete or not at all', () => {
    const folder = new OutputFolder(join(here, 'a/out'), false);
    folder.writeJson('report.json', { a: 1 });
    expect(existsSync(join(here, 'a/out'))).toBe(false);
    folder.publish();
    expect(readdirSync(join(here, 'a'))).toEqual(['out']);
    expect(readFileSync(join(here, 'a/out/report.json'), 'utf8')).toBe('{\n  "a": 1\n}\n');
  });

  it('leaves nothing behind when it is discarded', () => {
    const folder = new OutputFolder(join(here, 'out'), false);
    folder.writeText('README.txt', 'x');
    folder.discard();
    expect(readdirSync(here)).toEqual([]);
  });

  it('takes an empty folder', () => {
    mkdirSync(join(here, 'out'));
    const folder = new OutputFolder(join(here, 'out'), false);
    folder.writeText('README.txt', 'x');
    folder.publish();
    expect(readdirSync(join(here, 'out'))).toEqual(['README.txt']);
  });

  it('refuses a folder with something in it, and a file', () => {
    writeFileSync(join(here, 'mine.txt'), 'x');
    expect(() => new OutputFolder(here, false)).toThrow('is not empty');
    expect(() => new OutputFolder(join(here, 'mine.txt'), true)).toThrow('is a file');
  });

  it('with force replaces what a run wrote and nothing else', () => {
    for (const name of ['mine.txt', 'report.json', 'metrics.om']) writeFileSync(join(here, name), 'old');
    const folder = new OutputFolder(here, true);
    folder.writeText('report.json', 'new');
    folder.publish();
    expect(readdirSync(here).sort()).toEqual(['mine.txt', 'report.json']);
    expect(readFileSync(join(here, 'report.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(here, 'mine.txt'), 'utf8')).toBe('old');
  });
});
