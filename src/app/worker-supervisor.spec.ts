import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerSupervisor, childEnvironment, childExecArgv } from './worker-supervisor.js';

/** A worker that answers as the real one does, or misbehaves as its environment says. */
const WORKER = `
process.on('message', (message) => {
  if (message.type === 'stop' && process.env.STUBBORN !== 'true') process.exit(0);
  if (message.type === 'metrics') process.send({ type: 'metrics', id: message.id, text: 'up 1' });
  if (message.type === 'health') process.send({ type: 'health', id: message.id, outcome: { status: 'up' } });
  if (message.type === 'log-level') process.exit(7);
});
process.send({ type: 'nonsense' });
process.send({ type: 'started' });
`;

describe('WorkerSupervisor', () => {
  let dir: string;
  let supervisor: WorkerSupervisor | undefined;
  const reports: string[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'dsim-worker-'));
    writeFileSync(join(dir, 'worker.mjs'), WORKER);
    reports.length = 0;
  });
  afterEach(async () => {
    await supervisor?.stop();
    supervisor = undefined;
    rmSync(dir, { recursive: true });
  });

  const start = (env: Record<string, string> = {}): WorkerSupervisor => {
    supervisor = new WorkerSupervisor({
      script: join(dir, 'worker.mjs'),
      env: { PATH: '/usr/bin:/bin', ...env },
      execArgv: [],
      stopTimeoutMs: 300,
      report: (line) => reports.push(line),
    });
    supervisor.start();
    return supervisor;
  };
  const up = async (subject: WorkerSupervisor): Promise<void> =>
    vi.waitFor(async () => expect(await subject.health()).toEqual({ status: 'up' }), { timeout: 5_000 });

  it('says that the worker is still starting, then asks it', async () => {
    const subject = start();
    expect(await subject.health()).toMatchObject({
      status: 'down',
      reason: expect.stringContaining('starting') as string,
    });
    expect(await subject.metrics()).toBeUndefined();
    await up(subject);
    expect(await subject.metrics()).toBe('up 1');
  });

  it('starts it again when it ends by itself, and is down in between', async () => {
    const subject = start();
    await up(subject);
    subject.setLogLevel('debug');
    await vi.waitFor(() => expect(reports).toEqual([expect.stringContaining('exit code 7')]));
    expect(await subject.health()).toMatchObject({ status: 'down' });
    expect(await subject.metrics()).toBeUndefined();
    await up(subject);
  });

  it('kills one that does not stop in time', async () => {
    const subject = start({ STUBBORN: 'true' });
    await up(subject);
    await subject.stop();
    expect(reports).toEqual([expect.stringContaining('is killed')]);
  });

  it('does not start it again after a stop', async () => {
    const subject = start();
    await up(subject);
    await subject.stop();
    expect(await subject.health()).toMatchObject({ status: 'down' });
    expect(reports).toEqual([]);
  });
});

describe('childEnvironment', () => {
  it('makes a worker of the same environment, on the same database', () => {
    const env = childEnvironment(
      { DSIM_ROLE: 'all', HTTP_PORT: '1', WATCH_REPORT_DEPENDENCIES: '1' },
      'postgresql://x',
    );
    expect(env).toEqual({
      MALLOC_MMAP_THRESHOLD_: '131072',
      MALLOC_TRIM_THRESHOLD_: '131072',
      DSIM_ROLE: 'worker',
      DSIM_SUPERVISED: 'true',
      HTTP_PORT: '1',
      DATABASE_URL: 'postgresql://x',
    });
  });

  it('leaves a configured database alone', () => {
    expect(childEnvironment({ DATABASE_URL_FILE: '/run/url' }, undefined)).toMatchObject({
      DATABASE_URL_FILE: '/run/url',
    });
  });
});

describe('childExecArgv', () => {
  it('keeps options of the runtime, but not the inspector and the watcher', () => {
    expect(
      childExecArgv(['--inspect=127.0.0.1:9229', '--watch', '--watch-preserve-output', '--max-old-space-size=400']),
    ).toEqual(['--enable-source-maps', '--max-old-space-size=400']);
    expect(childExecArgv(['--enable-source-maps'])).toEqual(['--enable-source-maps']);
  });
});
