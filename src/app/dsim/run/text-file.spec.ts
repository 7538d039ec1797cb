import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../usage-error.js';
import { TextFile } from './text-file.js';

let here: string;
beforeEach(() => (here = mkdtempSync(join(tmpdir(), 'dsim-text-'))));
afterEach(() => rmSync(here, { recursive: true, force: true }));

it('holds what was written to it, in pieces of every size and in every script', () => {
  const path = join(here, 'a.txt');
  const file = new TextFile(path, 'a.txt');
  const pieces = ['', 'a', 'ü€😀', 'x'.repeat(400_000), '€'.repeat(349_525), 'ж'.repeat(700_000), 'end\n'];
  for (const piece of pieces) file.write(piece);
  file.close();
  const text = readFileSync(path, 'utf8');
  expect(text === pieces.join('')).toBe(true);
  expect(file.bytes).toBe(Buffer.byteLength(text));
});

it('does not write over what is there', () => {
  const path = join(here, 'a.txt');
  new TextFile(path, 'a.txt').close();
  expect(() => new TextFile(path, 'a.txt')).toThrow(UsageError);
});
