import { Logger } from '@nestjs/common';
import { register } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gaugeReadAtScrape } from './gauge-read-at-scrape.js';

class Source {
  answer: () => Promise<number> = () => Promise.resolve(3);
}

describe('gaugeReadAtScrape', () => {
  let source: Source;

  beforeEach(() => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    source = new Source();
    gaugeReadAtScrape({
      name: 'dsim_test_plain',
      help: 'Without labels',
      source: Source,
      read: async (from) => [{ labels: {}, value: await from.answer() }],
    }).useFactory(source);
    gaugeReadAtScrape({
      name: 'dsim_test_labelled',
      help: 'With labels',
      labelNames: ['kind'],
      source: Source,
      read: async (from) => [{ labels: { kind: 'a' }, value: await from.answer() }],
    }).useFactory(source);
  });
  afterEach(() => {
    register.removeSingleMetric('dsim_test_plain');
    register.removeSingleMetric('dsim_test_labelled');
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const scrape = async (): Promise<string[]> =>
    (await register.metrics()).split('\n').filter((line) => line.startsWith('dsim_test'));

  it('reads its source at every scrape', async () => {
    expect(await scrape()).toEqual(['dsim_test_plain 3', 'dsim_test_labelled{kind="a"} 3']);
    source.answer = () => Promise.resolve(4);
    expect(await scrape()).toEqual(['dsim_test_plain 4', 'dsim_test_labelled{kind="a"} 4']);
  });

  it('has no value while its source fails, fails no scrape, and says so once', async () => {
    await scrape();
    source.answer = () => Promise.reject(new Error('connect ECONNREFUSED'));
    expect(await scrape()).toEqual([]);
    expect(await scrape()).toEqual([]);
    expect(Logger.prototype.warn).toHaveBeenCalledTimes(2);
    source.answer = () => Promise.resolve(5);
    expect(await scrape()).toEqual(['dsim_test_plain 5', 'dsim_test_labelled{kind="a"} 5']);
  });

  it('does not wait for a source that hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    source.answer = () => new Promise(() => undefined);
    const scraped = scrape();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await scraped).toEqual([]);
  });
});
