import { describe, expect, it } from 'vitest';
import type { GraphRunner } from '../detection/detector.js';
import { ChannelEnsemble } from '../detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../detection/ensemble/ensemble-settings.js';
import { DEFAULT_SURPRISE } from '../detection/novelty/surprise.js';
import { readNabSeries, runNabSeries } from './nab-run.js';
import { nabScore } from './nab-score.js';

const surprised = () => new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, surprise: DEFAULT_SURPRISE });
const NO_MODEL: GraphRunner = () => Promise.reject(new Error('no model'));

/** A day of five minutes takes 288 rows. */
function csv(rows: number, value: (i: number) => number): string {
  const lines = ['timestamp,value'];
  for (let i = 0; i < rows; i += 1) lines.push(`${stamp(i)},${value(i)}`);
  return `${lines.join('\r\n')}\r\n`;
}

const stamp = (i: number) => new Date(Date.UTC(2014, 3, 1) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ');

describe('readNabSeries', () => {
  it('reads times as UTC, values, and windows as rows', () => {
    const series = readNabSeries(
      'a/b.csv',
      csv(10, (i) => i / 2),
      [[`${stamp(3)}.000000`, `${stamp(5)}.000000`]],
    );
    expect(series.times[0]).toBe(Date.UTC(2014, 3, 1));
    expect([...series.values]).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
    expect(series.windows).toEqual([{ first: 3, last: 5 }]);
  });

  it('names file and line of what it cannot read', () => {
    const text = `timestamp,value\n${stamp(0)},1\n${stamp(1)},\n`;
    expect(() => readNabSeries('a.csv', text, [])).toThrow(/a\.csv, line 3: .*timestamp,value/);
    expect(() => readNabSeries('a.csv', 'timestamp,value\nsoon,1\n', [])).toThrow(/line 2/);
    const outside: [string, string] = ['2020-01-01 00:00:00', '2020-01-02 00:00:00'];
    expect(() =>
      readNabSeries(
        'a.csv',
        csv(3, () => 1),
        [outside],
      ),
    ).toThrow(/no row lies in the window from 2020/);
  });
});

describe('runNabSeries', () => {
  const daily = (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / 288);
  const wave = (i: number) => daily(i) + (i >= 3000 && i < 3030 ? 300 : 0);
  const shape = (rows: number) =>
    readNabSeries('wave.csv', csv(rows, wave), rows > 3100 ? [[stamp(2950), stamp(3050)]] : []);

  it('finds a peak beyond everything by the surprise of the shipped detector', async () => {
    const { ranked, hasSurprise } = await runNabSeries(surprised(), shape(4000), NO_MODEL);
    expect(hasSurprise).toBe(true);
    expect((await runNabSeries(new ChannelEnsemble(), shape(100), NO_MODEL)).hasSurprise).toBe(false);
    expect(nabScore([ranked])).toMatchObject({ found: 1, falsePositives: 0 });
  });

  it('finds what is wrong only for its time of day', async () => {
    // At the height of the eleventh day the value is where it otherwise is at night, and it gets there slowly.
    const slump = (i: number) => {
      const share = Math.max(0, 1 - Math.abs(i - 2952) / 60);
      return daily(i) * (1 - share) + 60 * share + Math.sin(i * i) / 4;
    };
    const series = readNabSeries('slump.csv', csv(4000, slump), [[stamp(2850), stamp(3050)]]);
    const { ranked } = await runNabSeries(surprised(), series, NO_MODEL);
    expect(nabScore([ranked]).found).toBe(1);
  });

  it('is causal: what comes later changes nothing before', async () => {
    const detector = surprised();
    const whole = await runNabSeries(detector, shape(4000), NO_MODEL);
    const part = await runNabSeries(detector, shape(3020), NO_MODEL);
    expect(Array.from(part.ranked.scores)).toEqual(Array.from(whole.ranked.scores).slice(0, 3020));
    expect(Array.from(part.scored.scores)).toEqual(Array.from(whole.scored.scores).slice(0, 3020));
  });
});
