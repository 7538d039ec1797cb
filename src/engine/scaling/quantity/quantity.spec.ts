import { describe, expect, it } from 'vitest';
import { binaryQuantity, decimalQuantity } from './format.js';
import { QuantityFormatError } from './quantity.errors.js';
import { parseQuantity, toMilliValue } from './quantity.js';

describe('parseQuantity', () => {
  // Source of the grammar and of the rounding: kubernetes apimachinery pkg/api/resource/quantity.go, type comment.
  it.each([
    ['0', 0, 0],
    ['1.23', 1230, 1.23],
    ['500m', 500, 0.5],
    ['0.1', 100, 0.1],
    ['10Mi', 10 * 1024 * 1024 * 1000, 10 * 1024 * 1024],
    ['1.5Gi', 1536 * 1024 * 1024 * 1000, 1536 * 1024 * 1024],
    ['1e3', 1_000_000, 1000],
    ['12E2', 1_200_000, 1200],
    ['1E', 2 ** 63, 1e18],
    ['2k', 2_000_000, 2000],
    ['1.', 1000, 1],
    ['.5', 500, 0.5],
    ['+5', 5000, 5],
    ['-1.5', -1500, -1.5],
    ['0.1m', 1, 0.0001],
    ['1u', 1, 0.000001],
    ['100n', 1, 1e-7],
    [15, 15_000, 15],
    [0.05, 50, 0.05],
  ] as const)('reads %s', (text, milli, value) => {
    const quantity = parseQuantity(text);
    expect(quantity.milli).toBe(milli);
    expect(quantity.value).toBeCloseTo(value, 12);
    expect(quantity.text).toBe(String(text));
  });

  it('rounds a negative amount away from zero, too', () => {
    expect(parseQuantity('-0.1m').milli).toBe(-1);
  });

  it('caps at 2^63 - 1', () => {
    expect(parseQuantity('9e30').value).toBe(Number(9_223_372_036_854_775_807n));
  });

  it.each(['', 'abc', '1.2.3', '1 Mi', '1mi', '5x', '1Kii', '--1', '1e', '.', 'm', '0x10', '1e99', 'NaN'])(
    'refuses %j',
    (text) => {
      expect(() => parseQuantity(text)).toThrow(QuantityFormatError);
    },
  );
});

describe('canonical text', () => {
  it.each([
    [0, '0'],
    [500, '500m'],
    [1500, '1500m'],
    [2000, '2'],
    [2_000_000, '2k'],
    [-1500, '-1500m'],
  ])('prints %d milli as %s', (milli, text) => {
    expect(decimalQuantity(milli).text).toBe(text);
  });

  it.each([
    [1024 * 1024 * 1000, '1Mi'],
    [1536 * 1024 * 1024 * 1000, '1536Mi'],
    [1023 * 1000, '1023'],
    [1_048_576_500, '1048576500m'],
  ])('prints %d milli bytes as %s', (milli, text) => {
    expect(binaryQuantity(milli).text).toBe(text);
  });

  it('reads what it prints', () => {
    for (const milli of [1, 999, 1000, 123_456, 7_000_000, 5_368_709_120_000]) {
      expect(parseQuantity(decimalQuantity(milli).text).milli).toBe(milli);
      expect(parseQuantity(binaryQuantity(milli).text).milli).toBe(milli);
    }
  });
});

describe('toMilliValue', () => {
  it('rounds up, but not for float noise', () => {
    expect(toMilliValue(0.25)).toBe(250);
    expect(toMilliValue(0.2501)).toBe(251);
    expect(toMilliValue(1.1 * 3)).toBe(3300);
    expect(toMilliValue(0)).toBe(0);
  });
});
