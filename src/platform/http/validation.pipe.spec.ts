import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidRequestError } from './http.errors.js';
import { ValidationPipe, formatPath } from './validation.pipe.js';

const pipe = new ValidationPipe();

async function issuesOf(value: unknown, schema: z.ZodType, data?: string): Promise<unknown> {
  const failure = await pipe.transform(value, { type: 'body', schema, data }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InvalidRequestError);
  return (failure as InvalidRequestError).issues.map(({ path }) => path);
}

describe('formatPath', () => {
  it('writes keys with dots and positions in brackets', () => {
    expect(formatPath(['series', 3, 'labels', { key: 'job' }])).toBe('series[3].labels.job');
    expect(formatPath([0, 'a'])).toBe('[0].a');
    expect(formatPath([])).toBe('');
  });
});

describe('ValidationPipe', () => {
  it('returns what the schema made of the value', async () => {
    expect(await pipe.transform({ n: '3' }, { type: 'query', schema: z.object({ n: z.coerce.number() }) })).toEqual({
      n: 3,
    });
  });

  it('names every bad field', async () => {
    expect(await issuesOf({ b: 1 }, z.object({ a: z.string(), b: z.string() }))).toEqual(['a', 'b']);
  });

  it('names a bare parameter, and fields inside it', async () => {
    expect(await issuesOf('x', z.uuid(), 'id')).toEqual(['id']);
    expect(await issuesOf({ a: 1 }, z.object({ a: z.string() }), 'filter')).toEqual(['filter.a']);
    expect(await issuesOf([1], z.array(z.string()), 'seriesId')).toEqual(['seriesId[0]']);
  });
});
