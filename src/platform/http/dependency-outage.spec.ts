import { describe, expect, it } from 'vitest';
import { isDependencyOutage } from './dependency-outage.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isDependencyOutage', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', '57P01', '57P03', '08006', '53300', '25006'])('recognises %s', (code) => {
    expect(isDependencyOutage(withCode(code))).toBe(true);
  });

  it.each(['23505', '42P01', '22P02', '57014', 'ENOENT', ''])('leaves %s alone', (code) => {
    expect(isDependencyOutage(withCode(code))).toBe(false);
  });

  it('looks into what TypeORM, causes and aggregates wrap', () => {
    expect(isDependencyOutage(Object.assign(new Error('query failed'), { driverError: withCode('57P01') }))).toBe(true);
    expect(isDependencyOutage(new Error('outer', { cause: withCode('ECONNRESET') }))).toBe(true);
    expect(isDependencyOutage(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true);
    expect(isDependencyOutage(new Error('outer', { cause: withCode('23505') }))).toBe(false);
  });

  it('knows the words of pg and ioredis', () => {
    expect(isDependencyOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDependencyOutage(Object.assign(new Error('x'), { name: 'MaxRetriesPerRequestError' }))).toBe(true);
    expect(isDependencyOutage(new Error('Connection to the truth'))).toBe(false);
  });

  it('ends on a cause that is its own, and on what is no error', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(isDependencyOutage(loop)).toBe(false);
    expect(isDependencyOutage('ECONNREFUSED')).toBe(false);
    expect(isDependencyOutage(undefined)).toBe(false);
  });
});
