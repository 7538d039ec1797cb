import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../test/support/simulation/hand-made-run.js';
import { buildReport } from './build-report.js';
import { escapeXml, junit } from './junit.js';
import type { ExpectationResult, RunReport } from './report.types.js';

function reportWith(expectations: readonly Partial<ExpectationResult>[], name = 'black-friday'): RunReport {
  const report = buildReport(new HandMadeRun().simulation);
  const result: ExpectationResult = {
    kind: 'cost',
    title: 'cost',
    verdict: 'pass',
    measured: 1,
    unit: 'USD',
    bound: { max: 1 },
    reason: 'because',
  };
  return {
    ...report,
    scenario: { ...report.scenario, name },
    expectations: expectations.map((one) => ({ ...result, ...one })),
  };
}

/** The elements of a document with their attributes, unescaped; throws where it is not well-formed. */
function parseXml(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: (typeof elements)[number][] = [];
  const token = /<\?xml [^?]*\?>|<\/([a-z-]+)>|<([a-z-]+)((?:\s+[a-z-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < xml.length) {
    token.lastIndex = at;
    const match = token.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${xml.slice(at, at + 40)}`);
    at = token.lastIndex;
    const [, closed, opened, attributes = '', empty, text] = match;
    if (closed !== undefined && open.pop()?.name !== closed) throw new Error(`unexpected </${closed}>`);
    if (opened !== undefined) {
      const pairs = [...attributes.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescape(value!)]);
      const element = { name: opened, attributes: Object.fromEntries(pairs) as Record<string, string>, text: '' };
      elements.push(element);
      if (empty === '') open.push(element);
    }
    if (text !== undefined && open.length > 0) open.at(-1)!.text += unescape(text);
  }
  if (open.length > 0) throw new Error('an element is not closed');
  return elements;
}

function unescape(text: string): string {
  if (/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text)) throw new Error(`bare ampersand in ${text}`);
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}

describe('junit', () => {
  it('has one test case an expectation: failed ones fail, unknown ones are errors', () => {
    const elements = parseXml(
      junit(
        reportWith([
          { title: 'cost: at most 1.00 USD' },
          { title: 'lag', verdict: 'fail', reason: '12 messages' },
          { title: 'detection', kind: 'detection', verdict: 'unknown', reason: 'nothing watched' },
        ]),
      ),
    );
    const suite = elements.find(({ name }) => name === 'testsuite')!;
    expect(suite.attributes).toMatchObject({ name: 'black-friday', tests: '3', failures: '1', errors: '1' });
    const cases = elements.filter(({ name }) => name === 'testcase');
    expect(cases.map(({ attributes }) => attributes)).toEqual([
      { classname: 'dsim.black-friday', name: 'cost: at most 1.00 USD' },
      { classname: 'dsim.black-friday', name: 'lag' },
      { classname: 'dsim.black-friday', name: 'detection' },
    ]);
    const outcomes = elements.filter(({ name }) => name === 'failure' || name === 'error');
    expect(outcomes.map(({ name, attributes, text }) => [name, attributes['message'], text])).toEqual([
      ['failure', '12 messages', '12 messages'],
      ['error', 'nothing watched', 'nothing watched'],
    ]);
  });

  it('survives whatever is in a name or a reason', () => {
    const nasty = `a & b < c > d "e" 'f' \u0000\u001b[31m\n]]> ✗ 💥 \ud800`;
    const elements = parseXml(junit(reportWith([{ title: nasty, verdict: 'fail', reason: nasty }], nasty)));
    const shown = nasty.replace(/[\u0000\u001b\ud800](?![\udc00-\udfff])/gu, '\ufffd');
    expect(elements.find(({ name }) => name === 'testcase')!.attributes['name']).toBe(shown);
    expect(elements.find(({ name }) => name === 'failure')!.text).toBe(shown);
  });

  it('is the same for the same run', () => {
    expect(junit(reportWith([{}]))).toBe(junit(reportWith([{}])));
  });
});

describe('escapeXml', () => {
  it.each([
    ['<&>"\'', '&lt;&amp;&gt;&quot;&apos;'],
    ['a\tb\r\n', 'a&#9;b&#13;&#10;'],
    ['\u0007', '\ufffd'],
    ['ä 💥', 'ä 💥'],
  ])('%j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});
