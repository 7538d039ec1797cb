import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceLock } from './instance-lock.js';

describe('InstanceLock', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'dsim-lock-'));
    file = join(dir, 'instance.lock');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is refused while its holder runs, naming folder and cure', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, startedAt: null }));
    const refused = (): void => new InstanceLock(file, '/my/data').acquire();
    expect(refused).toThrow(new RegExp(`process ${process.ppid}.*/my/data.*DSIM_DATA_DIR`));
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, startedAt: '1' }],
    ['another process with the same number', { pid: process.ppid, startedAt: 'another start' }],
    ['ourselves, in an earlier container', { pid: process.pid, startedAt: 'another start' }],
  ])('is taken over from %s', (_, holder) => {
    writeFileSync(file, JSON.stringify(holder));
    const lock = new InstanceLock(file, '/my/data');
    lock.acquire();
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over when its file was cut short by a crash', () => {
    writeFileSync(file, '{"pid":');
    new InstanceLock(file, '/my/data').acquire();
  });

  it('releases only what is its own', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, startedAt: null }));
    new InstanceLock(file, '/my/data').release();
    expect(existsSync(file)).toBe(true);
  });
});
