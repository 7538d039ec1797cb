import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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

  /** A lock of this machine, held by nobody yet: what a holder writes. */
  const holderHere = async (): Promise<object> => {
    const lock = new InstanceLock(file, '/my/data');
    await lock.acquire();
    const holder = JSON.parse(readFileSync(file, 'utf8')) as object;
    lock.release();
    return holder;
  };

  it('is refused while its holder runs, naming folder and cure', async () => {
    writeFileSync(file, JSON.stringify({ ...(await holderHere()), pid: process.ppid, startedAt: null }));
    await expect(new InstanceLock(file, '/my/data').acquire()).rejects.toThrow(
      new RegExp(`process ${process.ppid}.*/my/data.*DSIM_DATA_DIR`),
    );
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, startedAt: '1' }],
    ['another process with the same number', { pid: process.ppid, startedAt: 'another start' }],
    ['ourselves, in an earlier container', { pid: process.pid, startedAt: 'another start' }],
  ])('is taken over from %s', async (_, holder) => {
    writeFileSync(file, JSON.stringify({ ...(await holderHere()), ...holder }));
    const lock = new InstanceLock(file, '/my/data');
    await lock.acquire();
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over when its file was cut short by a crash', async () => {
    writeFileSync(file, '{"pid":');
    const lock = new InstanceLock(file, '/my/data');
    await lock.acquire();
    lock.release();
  });

  describe('of another container', () => {
    const timing = { beatMs: 20, silenceMs: 300 };
    const elsewhere = { pid: process.pid, startedAt: null, home: 'another pid:[1]' };

    it('is refused while its holder touches it, whatever the pid', async () => {
      writeFileSync(file, JSON.stringify(elsewhere));
      let seconds = 0;
      const beating = setInterval(() => utimesSync(file, ++seconds, seconds), 50);
      try {
        await expect(new InstanceLock(file, '/my/data', timing).acquire()).rejects.toThrow(
          /another container.*\/my\/data/,
        );
      } finally {
        clearInterval(beating);
      }
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(elsewhere);
    });

    it('is taken over when nobody touches it any more, and then touched by us', async () => {
      writeFileSync(file, JSON.stringify(elsewhere));
      const lock = new InstanceLock(file, '/my/data', timing);
      await lock.acquire();
      utimesSync(file, 1, 1);
      await expect.poll(() => statSync(file).mtimeMs).toBeGreaterThan(1_000);
      lock.release();
      expect(existsSync(file)).toBe(false);
    });
  });

  it('releases only what is its own', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, startedAt: null }));
    new InstanceLock(file, '/my/data').release();
    expect(existsSync(file)).toBe(true);
  });
});
