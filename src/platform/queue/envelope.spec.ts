import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from './define-job.js';
import { open, seal } from './envelope.js';

const job = defineJob({
  name: 'count-things',
  queue: 'test-things',
  version: 2,
  payload: z.object({ at: z.string().transform((text) => new Date(text)), size: z.number().default(1) }),
  attempts: 1,
  backoffMs: 1,
  concurrency: 1,
});

describe('envelope', () => {
  it('stores the input, so that transforms run once', () => {
    const { envelope, parsed } = seal(job, { at: '2026-11-21T00:00:00Z' }, undefined);
    expect(envelope).toEqual({ v: 2, data: { at: '2026-11-21T00:00:00Z' } });
    expect(parsed).toEqual({ at: new Date('2026-11-21T00:00:00Z'), size: 1 });
    expect(open(job, JSON.parse(JSON.stringify(envelope)))).toEqual(parsed);
  });

  it('carries a trace, where there is one', () => {
    expect(seal(job, { at: '2026-01-01' }, {}).envelope).not.toHaveProperty('trace');
    expect(seal(job, { at: '2026-01-01' }, { traceparent: '00-a-b-01' }).envelope.trace).toEqual({
      traceparent: '00-a-b-01',
    });
  });

  it.each([undefined, null, 5, 'text', {}, { v: 1, data: {} }, { v: '2', data: {} }])(
    'refuses %j as another version',
    (envelope) => {
      expect(() => open(job, envelope)).toThrow(
        expect.objectContaining({ code: 'queue.unknown_payload_version' }) as Error,
      );
    },
  );

  it('names the bad field', () => {
    expect(() => open(job, { v: 2, data: { at: 'x', size: 'big' } })).toThrow(/size: /);
    expect(() => open(job, { v: 2 })).toThrow(expect.objectContaining({ code: 'queue.invalid_payload' }) as Error);
  });
});
