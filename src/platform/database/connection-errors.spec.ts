import { describe, expect, it } from 'vitest';
import { QueryFailedError } from 'typeorm';
import { errorCode, isRetryableTransaction, isTransient } from './connection-errors.js';

const withCode = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('connection errors', () => {
  it('finds the code wherever it is', () => {
    expect(errorCode(withCode('40001'))).toBe('40001');
    expect(errorCode(new QueryFailedError('SELECT', [], withCode('57P01')))).toBe('57P01');
    expect(errorCode(new AggregateError([withCode('ECONNREFUSED')]))).toBe('ECONNREFUSED');
    for (const nothing of [undefined, null, 'text', new Error('x')]) expect(errorCode(nothing)).toBeUndefined();
  });

  it.each(['57P01', '57P03', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET'])('%s heals by waiting', (code) => {
    expect(isTransient(withCode(code))).toBe(true);
  });

  it.each(['28P01', '3D000', '42P01', '57014', '23505'])('%s does not', (code) => {
    expect(isTransient(withCode(code))).toBe(false);
  });

  it('knows lost connections by their words', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isTransient(withCode('08P01', 'unsupported startup parameter: options'))).toBe(false);
  });

  it('repeats transactions only after a deadlock or a serialization failure', () => {
    expect(isRetryableTransaction(new QueryFailedError('SELECT', [], withCode('40P01')))).toBe(true);
    expect(isRetryableTransaction(withCode('57P01'))).toBe(false);
  });
});
