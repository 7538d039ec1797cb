import { describe, expect, it } from 'vitest';
import { LIMITS } from '../limits.js';
import { readYaml } from './read-yaml.js';
import { placeOf, plainOf } from './trees.js';

const read = (text: string) => readYaml(text, 'a.yaml');
const messages = (text: string) => read(text).issues.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('readYaml', () => {
  it('knows where keys and values stand', () => {
    const [tree] = read('a: 1\nb:\n  - x\n  - { c: two }\n').documents;
    expect(plainOf(tree!)).toEqual({ a: 1, b: ['x', { c: 'two' }] });
    expect(placeOf(tree!, ['a'])).toEqual({ file: 'a.yaml', line: 1, column: 4 });
    expect(placeOf(tree!, ['a'], 'key')).toMatchObject({ line: 1, column: 1 });
    expect(placeOf(tree!, ['b', 1, 'c'])).toMatchObject({ line: 4, column: 10 });
    expect(placeOf(tree!, ['b', 1, 'missing'])).toMatchObject({ line: 4, column: 5 });
    expect(placeOf(tree!, ['b', 7])).toMatchObject({ line: 2, column: 1 });
  });

  it('resolves anchors, aliases and merge keys', () => {
    const [tree] = read(
      'base: &b { x: 1, y: 2 }\none: *b\ntwo: { <<: *b, y: 3 }\nthree: { <<: [*b, { z: 4 }] }',
    ).documents;
    expect(plainOf(tree!)).toEqual({
      base: { x: 1, y: 2 },
      one: { x: 1, y: 2 },
      two: { y: 3, x: 1 },
      three: { x: 1, y: 2, z: 4 },
    });
  });

  it('reads the documents of a stream and leaves out empty ones', () => {
    expect(read('---\na: 1\n---\n---\nb: 2\n').documents.map(plainOf)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each([
    ['a: [1, 2', '1:9 Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a:\n\tb: 1', '2:1 Tabs are not allowed as indentation'],
    ['a: 1\na: 2', '2:1 "a" is given twice; the first is at line 1'],
    ['a: *nobody', '1:4 *nobody refers to no anchor before it; write &nobody at a value above'],
    ['a: &x [*x]', '1:8 *x refers to no anchor before it; write &x at a value above'],
    ['__proto__: 1', '1:1 "__proto__" is reserved; choose another name'],
    ['a: { <<: 5 }', '1:4 "<<" merges mappings only'],
    ['[1, 2]: 3', '1:1 a key must be a word'],
  ])('says what is wrong with %j', (text, message) => {
    expect(messages(text)).toContain(message);
  });

  it('does not expand a billion laughs', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(messages(`l0: &l0 lol\n${levels.join('\n')}`).join()).toContain(`more than ${LIMITS.nodes} values`);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['closed brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['indents', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('refuses %s that nest too deep', (_, text) => {
    expect(messages(text).join()).toMatch(/nests deeper than 60 levels|words/);
  });

  it('refuses files that are too long', () => {
    expect(messages(`a: ${'x'.repeat(LIMITS.fileLength)}`).join()).toContain('longer than 1000000 characters');
    expect(messages(`[${','.repeat(500_000)}`).join()).toContain('more than 250000 words');
  });
});
