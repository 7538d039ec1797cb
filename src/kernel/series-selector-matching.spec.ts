import { describe, expect, it } from 'vitest';
import { matchesSelector } from './series-selector-matching.js';
import { parseSelector } from './series-selector-parser.js';
import { compileRegex } from './series-selector-regex.js';

describe('matchesSelector', () => {
  const labels = { __name__: 'http_requests_total', code: '503', job: 'shop' };
  it.each([
    ['http_requests_total', true],
    ['http_requests_total{code=~"5.."}', true],
    ['http_requests_total{code=~"5."}', false],
    ['http_requests_total{code=~"0"}', false],
    ['{job="shop",code!~"4..|5.."}', false],
    ['{job="shop",missing=""}', true],
    ['{job="shop",missing!="x"}', true],
    ['{job="shop",missing=~"x?"}', true],
    ['{job="shop",missing!~"x?"}', false],
    ['{job="shop",constructor=""}', true],
    ['{job!="shop",code="503"}', false],
  ])('%s: %s', (selector, expected) => {
    expect(matchesSelector(labels, parseSelector(selector))).toBe(expected);
  });
});

describe('compileRegex', () => {
  it.each([
    ['', [''], ['a']],
    ['a|b|', ['a', 'b', ''], ['ab']],
    ['node_.*', ['node_', 'node_load1', 'node_\n'], ['xnode_a']],
    ['(ab)+c?', ['ab', 'ababc'], ['a', 'c', 'abcc']],
    ['a{2}', ['aa'], ['a', 'aaa']],
    ['a{2,}', ['aa', 'aaaaa'], ['a']],
    ['a{1,3}?b', ['ab', 'aaab'], ['b', 'aaaab']],
    ['a{,3}', ['a{,3}'], ['aaa']],
    ['x{', ['x{'], ['x']],
    ['[a-cX-]+', ['abc-X'], ['d', '']],
    ['[^a-c]', ['d', '😀', '\n'], ['a', 'dd']],
    ['[]a]+', [']a'], ['b']],
    ['[[:digit:][:^space:]]+', ['12x'], [' ']],
    [String.raw`\d+\.\w\S\W`, ['12.ab '], ['12xab ']],
    [String.raw`[\d\-\]]+`, ['1-]'], ['a']],
    [String.raw`\pL\p{Greek}\P{Lu}`, ['éαx'], ['éax', 'éαX']],
    [String.raw`\x41\x{1F600}\101\n`, ['A😀A\n'], ['A']],
    [String.raw`\Qa.b*\E+`, ['a.b*', 'a.b***'], ['axb']],
    ['(?i)straße|[a-f]x', ['STRAßE', 'Bx', 'bX'], ['gx']],
    ['(?i:a)b', ['Ab', 'ab'], ['aB']],
    ['a(?-s:.)b', ['axb'], ['a\nb']],
    ['(?P<code>5..)|(?<other>4..)', ['503', '404'], ['303']],
    ['^up$', ['up'], ['upp']],
    ['a^b|a$b', [], ['ab']],
    ['(?m)a\n^b$\nc', ['a\nb\nc'], []],
    [String.raw`a\b.*\bz`, ['a z', 'a-z'], ['abz', 'az']],
    ['(a*)*', ['', 'aaa'], ['b']],
    ['(a|b)*abb', ['abb', 'babaabb'], ['ab']],
    ['.', ['é', '😀'], ['ab', '']],
  ])('%s', (pattern, matching, others) => {
    const matches = compileRegex(pattern);
    for (const text of matching) expect([text, matches(text)]).toEqual([text, true]);
    for (const text of others) expect([text, matches(text)]).toEqual([text, false]);
  });

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '(?=a)',
    '(?<!a)b',
    String.raw`\1`,
    String.raw`\y`,
    'a\\',
    '[b-a]',
    'a{2000}',
    'a{3,2}',
    '[[:nope:]]',
    String.raw`\p{Nope}`,
    '(((a{100}){100}){100})',
    `${'('.repeat(101)}a${')'.repeat(101)}`,
    'x'.repeat(2001),
    '(?z)a',
  ])('refuses %s', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow();
  });

  it('agrees with the built-in engine on simple patterns', () => {
    let state = 7;
    const random = (below: number) => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >>> 8) % below;
    const atom = (depth: number): string => {
      const kind = random(depth > 2 ? 4 : 7);
      if (kind < 3) return 'abc'[kind]!;
      if (kind === 3) return '[ab]';
      if (kind === 4) return `(?:${atom(depth + 1)}|${atom(depth + 1)})`;
      return `(?:${atom(depth + 1)}${atom(depth + 1)})${['*', '+', '?', '{1,2}', ''][random(5)]}`;
    };
    for (let i = 0; i < 400; i++) {
      const pattern = atom(0) + atom(0);
      const ours = compileRegex(pattern);
      const reference = new RegExp(`^(?:${pattern})$`, 's');
      for (let k = 0; k < 30; k++) {
        const text = Array.from({ length: random(6) }, () => 'abc'[random(3)]).join('');
        expect([pattern, text, ours(text)]).toEqual([pattern, text, reference.test(text)]);
      }
    }
  });

  it('takes linear time where backtracking would never end', () => {
    const started = performance.now();
    for (const pattern of ['(a+)+b', '(a|a)*b', '(.*)(.*)(.*)(.*)(.*)b', '(x+x+)+y', '(?:a?){500}a{500}c']) {
      expect(compileRegex(pattern)('a'.repeat(1000))).toBe(false);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
