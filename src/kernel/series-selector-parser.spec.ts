import { describe, expect, it } from 'vitest';
import { parseSelector } from './series-selector-parser.js';
import { InvalidSelectorError } from './series-selector.errors.js';

const shortForm = (text: string) =>
  parseSelector(text).map(({ name, operator, value }) => `${name}${operator}${value}`);

describe('parseSelector', () => {
  it.each([
    ['up', ['__name__=up']],
    [' node:cpu_rate:5m ', ['__name__=node:cpu_rate:5m']],
    ['up{}', ['__name__=up']],
    ['up{job="node",}', ['__name__=up', 'job=node']],
    ['up { job = "node" , instance != \'a:9100\' } # the host', ['__name__=up', 'job=node', 'instance!=a:9100']],
    ['{__name__=~"node_.*",job!="x"}', ['__name__=~node_.*', 'job!=x']],
    [
      'http_requests_total{code=~"5..",path!~`/health|/\\d+`}',
      ['__name__=http_requests_total', 'code=~5..', 'path!~/health|/\\d+'],
    ],
    ['{"my.metric", a="b"}', ['__name__=my.metric', 'a=b']],
    ['{a="b","température" , "my.label"=~"x+"}', ['a=b', '__name__=température', 'my.label=~x+']],
    ['{__name__="a",__name__!="b"}', ['__name__=a', '__name__!=b']],
    [String.raw`{a="\"\\\n\t\x41\101é\U0001F600\xc3\xa9"}`, ['a="\\\n\tAAé😀é']],
    [String.raw`{a='it\'s'}`, ["a=it's"]],
    ['{on="x",by="y"}', ['on=x', 'by=y']],
  ])('reads %s', (text, expected) => {
    expect(shortForm(text)).toEqual(expected);
  });

  it.each([
    ['', 0, /metric name or "\{"/],
    ['{', 1, /without "\}"/],
    ['{}', 0, /every series/],
    ['{job=~".*"}', 0, /every series/],
    ['{job=""}', 0, /every series/],
    ['up{job}', 6, /one of = != =~ !~/],
    ['up{job="a\0"}', 7, /U\+0000/],
    [String.raw`{a!="\x00"}`, 4, /U\+0000/],
    ['up{job="a" b="c"}', 11, /"," or "\}"/],
    ['up{,}', 3, /label name/],
    ['up{job=node}', 7, /quotes/],
    ['up{my.label="x"}', 5, /one of/],
    ['up{"":"x"}', 5, /one of/],
    ['up{""="x"}', 3, /empty/],
    ['{""}', 1, /empty/],
    ['up{__name__="x"}', 3, /twice/],
    ['up{"x"}', 3, /twice/],
    ['{"x","y"}', 5, /twice/],
    ['up[5m]', 2, /only a selector/],
    ['rate(up)', 4, /only a selector/],
    ['up{job="node}', 7, /not closed/],
    ['up{job="no\nde"}', 7, /not closed/],
    [String.raw`up{job="\q"}`, 8, /unknown escape/],
    [String.raw`up{job="\'"}`, 8, /unknown escape/],
    [String.raw`up{job="\ud800"}`, 8, /unknown escape/],
    [String.raw`up{job="\xff"}`, 7, /UTF-8/],
    ['up{job=~"("}', 8, /regular expression: "\(" without "\)"/],
    ['9up', 0, /metric name/],
    ['x'.repeat(10_001), 10_000, /at most 10000/],
  ])('refuses %j at character %d', (text, position, reason) => {
    let caught: unknown;
    try {
      parseSelector(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InvalidSelectorError);
    expect(caught).toMatchObject({
      position,
      kind: 'invalid',
      code: 'kernel.invalid_selector',
      message: expect.stringMatching(reason),
    });
  });
});
