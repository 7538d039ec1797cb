import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../platform/http/access.js';
import { assertEnvironmentAccess, scopeToEnvironment } from './environment-access.js';

const principal = (environmentId: string | null): Principal => ({
  kind: 'api-token',
  id: 't',
  name: 't',
  permissions: new Set(),
  environmentId,
});

describe('assertEnvironmentAccess', () => {
  it('lets those who are bound to none go anywhere', () => {
    expect(() => assertEnvironmentAccess(principal(null), 'a')).not.toThrow();
    expect(() => assertEnvironmentAccess(principal(null), null)).not.toThrow();
  });

  it('keeps those who are bound where they belong', () => {
    expect(() => assertEnvironmentAccess(principal('a'), 'a')).not.toThrow();
    for (const elsewhere of ['b', '', 'a ', null]) {
      expect(() => assertEnvironmentAccess(principal('a'), elsewhere)).toThrow('bound to environment a');
    }
  });
});

describe('scopeToEnvironment', () => {
  it('limits a list to what was asked for, or to what the principal is bound to', () => {
    expect(scopeToEnvironment(principal(null))).toBeUndefined();
    expect(scopeToEnvironment(principal(null), 'b')).toBe('b');
    expect(scopeToEnvironment(principal('a'))).toBe('a');
    expect(scopeToEnvironment(principal('a'), 'a')).toBe('a');
    expect(() => scopeToEnvironment(principal('a'), 'b')).toThrow();
  });
});
