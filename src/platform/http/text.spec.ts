import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freeText, oneLine } from './text.js';

describe('oneLine', () => {
  it.each(['Zürich, 東京 👩‍🚀', 'a\u00a0b', '<script>'])('takes %j', (text) => {
    expect(oneLine(z.string()).safeParse(text).success).toBe(true);
  });

  it.each(['a\0b', 'a\nb', 'a\u007fb', 'a\u0085b', 'a\ud800b', '\udc00'])('refuses %j', (text) => {
    expect(oneLine(z.string()).safeParse(text).success).toBe(false);
  });

  it('shows a pattern in JSON schema that needs no Unicode properties', () => {
    const { pattern } = z.toJSONSchema(oneLine(z.string()));
    expect(pattern).not.toContain('\\p');
    expect(new RegExp(pattern!).test('plain')).toBe(true);
    expect(new RegExp(pattern!).test('a\tb')).toBe(false);
  });
});

describe('freeText', () => {
  it('takes line breaks', () => {
    expect(freeText(z.string()).safeParse('a\n\tb 👍').success).toBe(true);
  });

  it.each(['a\0b', 'a\ud83d', '\ude00b'])('refuses %j', (text) => {
    expect(freeText(z.string()).safeParse(text).success).toBe(false);
  });
});
