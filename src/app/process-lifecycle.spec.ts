import { describe, expect, it, vi } from 'vitest';
import { ProcessLifecycle } from './process-lifecycle.js';

function lifecycle() {
  let now = 0;
  const reports: string[] = [];
  const exit = vi.fn<(code: number) => void>();
  const subject = new ProcessLifecycle({ report: (line) => reports.push(line), exit, now: () => now });
  return { subject, reports, exit, advance: (ms: number) => (now += ms) };
}

describe('ProcessLifecycle', () => {
  it('ends the process even where nobody can be told why stopping fails', async () => {
    const exit = vi.fn<(code: number) => void>();
    const report = (): void => {
      throw new Error('stderr is closed');
    };
    const subject = new ProcessLifecycle({ report, exit });
    subject.started({ name: 'The worker', stop: () => Promise.reject(new Error('stuck')) });
    subject.stopAndExit(1);
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1));
  });

  it('stops what was started in reverse order, one after the other', async () => {
    const { subject } = lifecycle();
    const order: string[] = [];
    for (const name of ['database', 'worker', 'http']) {
      subject.started({
        name,
        stop: async () => {
          await Promise.resolve();
          order.push(name);
        },
      });
    }
    await subject.stop();
    expect(order).toEqual(['http', 'worker', 'database']);
  });

  it('goes on when one part fails to stop, and says which', async () => {
    const { subject, reports } = lifecycle();
    const stop = vi.fn(() => Promise.resolve());
    subject.started({ name: 'The database', stop });
    subject.started({ name: 'The worker', stop: () => Promise.reject(new Error('stuck')) });
    await subject.stop();
    expect(stop).toHaveBeenCalledOnce();
    expect(reports).toEqual(['The worker did not stop cleanly: stuck']);
  });

  it('stops each part once, however often it is asked', async () => {
    const { subject } = lifecycle();
    const stop = vi.fn(() => Promise.resolve());
    subject.started({ name: 'part', stop });
    await Promise.all([subject.stop(), subject.stop()]);
    await subject.stop();
    expect(stop).toHaveBeenCalledOnce();
  });

  it('stops what is added while it is stopping', async () => {
    const { subject } = lifecycle();
    const late = vi.fn(() => Promise.resolve());
    subject.started({
      name: 'first',
      stop: () => {
        subject.started({ name: 'late', stop: late });
        return Promise.resolve();
      },
    });
    await subject.stop();
    expect(late).toHaveBeenCalledOnce();
  });

  it('exits with 0 after the first signal has been obeyed', async () => {
    const { subject, exit } = lifecycle();
    subject.started({ name: 'part', stop: () => Promise.resolve() });
    subject.onSignal('SIGTERM');
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
  });

  it('takes signals close together for one: a terminal and npm both send it', () => {
    const { subject, exit, advance } = lifecycle();
    const force = vi.fn();
    subject.started({ name: 'part', stop: () => new Promise(() => undefined), force });
    subject.onSignal('SIGINT');
    advance(300);
    subject.onSignal('SIGINT');
    expect(force).not.toHaveBeenCalled();
    advance(1_000);
    subject.onSignal('SIGINT');
    expect(force).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledWith(130);
  });
});
