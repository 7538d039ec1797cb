import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStream, type LiveState, type Source } from '../../../web/src/lib/live-stream.js';

class FakeSource implements Source {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private readonly listeners: [string, (event: { readonly data: string }) => void][] = [];

  addEventListener(type: string, listener: (event: { readonly data: string }) => void): void {
    this.listeners.push([type, listener]);
  }
  close(): void {
    this.closed = true;
  }
  emit(type: string, payload: object = {}): void {
    for (const [known, listener] of this.listeners) if (known === type) listener({ data: JSON.stringify(payload) });
  }
}

describe('the live stream of the page', () => {
  let sources: FakeSource[];
  let stream: LiveStream;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    sources = [];
    stream = new LiveStream(() => {
      sources.push(new FakeSource());
      return sources.at(-1)!;
    });
  });
  afterEach(() => vi.useRealTimers());

  function listen(types: string[], environmentId?: string) {
    const onChange = vi.fn();
    const states: LiveState[] = [];
    const stop = stream.listen({ types, environmentId, onChange, onState: (state) => states.push(state) });
    return { onChange, states, stop };
  }

  it('is one connection for all that listen, and none when nobody does', () => {
    const one = listen(['a']);
    const two = listen(['a', 'b']);
    expect(sources).toHaveLength(1);
    sources[0]!.emit('b');
    expect([one.onChange.mock.calls.length, two.onChange.mock.calls.length]).toEqual([0, 1]);
    sources[0]!.emit('a');
    expect(one.onChange).toHaveBeenCalledTimes(1);
    one.stop();
    expect(sources[0]!.closed).toBe(false);
    two.stop();
    expect(sources[0]!.closed).toBe(true);
  });

  it('tells a listener only of its environment', () => {
    const { onChange } = listen(['a'], 'berlin');
    sources[0]!.emit('a', { environmentId: 'paris' });
    expect(onChange).not.toHaveBeenCalled();
    sources[0]!.emit('a', { environmentId: 'berlin' });
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('makes of a burst one call at once and one a second', () => {
    const { onChange } = listen(['a']);
    for (let i = 0; i < 500; i += 1) sources[0]!.emit('a');
    expect(onChange).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(onChange).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10_000);
    expect(onChange).toHaveBeenCalledTimes(2);
    sources[0]!.emit('a');
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it('calls nobody who has left', () => {
    const { onChange, stop } = listen(['a']);
    listen(['b']);
    sources[0]!.emit('a');
    sources[0]!.emit('a');
    stop();
    vi.advanceTimersByTime(5_000);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('asks again for what it may have missed when it is back, not when it comes for the first time', () => {
    const { onChange, states } = listen(['a']);
    sources[0]!.onopen!();
    expect(onChange).not.toHaveBeenCalled();
    sources[0]!.onerror!();
    sources[0]!.onopen!();
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['connecting', 'live', 'offline', 'live']);
  });

  it('connects anew after a refusal, which browsers do not', () => {
    listen(['a']);
    sources[0]!.readyState = 2;
    sources[0]!.onerror!();
    vi.advanceTimersByTime(2_999);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sources).toHaveLength(2);
  });

  it('holds no connection while the tab is hidden', () => {
    const { onChange } = listen(['a']);
    sources[0]!.onopen!();
    stream.setVisible(false);
    expect(sources[0]!.closed).toBe(true);
    listen(['a']);
    expect(sources).toHaveLength(1);
    stream.setVisible(true);
    expect(sources).toHaveLength(2);
    sources[1]!.onopen!();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('does not come back after a refusal when the tab was hidden meanwhile', () => {
    listen(['a']);
    sources[0]!.readyState = 2;
    sources[0]!.onerror!();
    stream.setVisible(false);
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });
});
