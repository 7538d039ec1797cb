import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  it('needs nothing but the folder itself, where that is all that may be written', () => {
    const out = join(here, 'out');
    mkdirSync(out);
    const folder = new OutputFolder(out, false);
    folder.writeText('README.txt', 'x');
    // A volume of a container: nothing beside it.
    expect(readdirSync(here)).toEqual(['out']);
    expect(readdirSync(out).filter((name) => !name.startsWith('.'))).toEqual([]);
    folder.publish();
    expect(readdirSync(out)).toEqual(['README.txt']);
  });

  it('with force replaces what a run wrote and nothing else', () => {
    write('mine.txt', 'old');
    write('metrics.prom', 'old');
    write('report.json', JSON.stringify({ version: 1, scenario: {}, run: {}, verdict: 'pass', history: {} }));
    mkdirSync(join(here, 'openmetrics'));
    write('openmetrics/0007.om', 'old');
    const folder = new OutputFolder(here, true);
    folder.writeText('report.json', 'new');
    folder.makeFolder('openmetrics');
    folder.writeText('openmetrics/0000.om', 'new');
    folder.publish();
    expect(readdirSync(here).sort()).toEqual(['mine.txt', 'openmetrics', 'report.json']);
    expect(readdirSync(join(here, 'openmetrics'))).toEqual(['0000.om']);
    expect(readFileSync(join(here, 'report.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(here, 'mine.txt'), 'utf8')).toBe('old');
  });

  it('does not replace files of the same names that no run wrote', () => {
    write('README.txt', 'of somebody else');
    write('report.json', '{"coverage":{}}');
    expect(() => new OutputFolder(here, true)).toThrow('holds README.txt, report.json, and not from a run');
    expect(readdirSync(here)).toEqual(['README.txt', 'report.json']);
  });

  it('says in words why it cannot be written', () => {
    write('file', 'x');
    expect(() => new OutputFolder(join(here, 'file/out'), false)).toThrow(
      'file/out cannot be written: a part of the path is a file, not a folder.',
    );
    symlinkSync(join(here, 'nowhere'), join(here, 'link'));
    expect(() => new OutputFolder(join(here, 'link'), false)).toThrow('is a link that leads nowhere');
  });
});

function write(name: string, text: string): void {
  writeFileSync(join(here, name), text);
}
