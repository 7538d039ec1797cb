import { describe, expect, it } from 'vitest';
import { readJsonLines } from './read-json-lines.js';

describe('series in lines of JSON', () => {
  it('are put on the times of all, with gaps, whichever line they come in', () => {
    const text = [
      '{"metric":{"__name__":"up","job":"a"},"values":[1,2],"timestamps":[0,15000]}',
      '{"metric":{"__name__":"up","job":"b"},"values":["Infinity",null],"timestamps":[15000,30000]}',
      '{"metric":{"__name__":"up","job":"a"},"values":[3],"timestamps":[30000]}',
    ].join('\n');
    const { times, stepMs, series } = readJsonLines('a.jsonl', text);
    expect([...times]).toEqual([0, 15_000, 30_000]);
    expect(stepMs).toBe(15_000);
    expect(series.map(({ series: { labels }, values }) => [labels['job'], [...values]])).toEqual([
      ['a', [1, 2, 3]],
      ['b', [NaN, Infinity, NaN]],
    ]);
  });

  it.each([
    ['{"metric":{}}', 'a.jsonl:1: needs metric, values and timestamps'],
    ['{"metric":{"a":"b"},"values":[1],"timestamps":[1,2]}', 'a.jsonl:1: needs metric'],
    ['\n{', 'a.jsonl:2: is no JSON'],
    ['{"metric":{"a":"b"},"values":[1],"timestamps":[1]}', 'has 1 times; three are the least'],
  ])('that are wrong name file and line: %j', (text, message) => {
    expect(() => readJsonLines('a.jsonl', text)).toThrow(message);
  });
});
