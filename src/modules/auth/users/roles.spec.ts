import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../platform/http/access.js';
import { ENVIRONMENT_PERMISSIONS, ROLE_PERMISSIONS } from './roles.js';

describe('roles', () => {
  it('grow from viewer over operator to admin, who has all', () => {
    const { viewer, operator, admin } = ROLE_PERMISSIONS;
    expect([...viewer].every((permission) => operator.has(permission))).toBe(true);
    expect([...admin].sort()).toEqual([...PERMISSIONS].sort());
    expect([...viewer].every((permission) => permission.endsWith(':read'))).toBe(true);
    for (const permission of [
      'admin',
      'tokens:manage',
      'audit:read',
      'environments:write',
      'telemetry:write',
    ] as const) {
      expect(operator.has(permission), permission).toBe(false);
    }
  });

  it('let tokens of one environment do nothing that reaches beyond it', () => {
    for (const permission of [
      'admin',
      'tokens:manage',
      'audit:read',
      'environments:write',
      'metrics:read',
      'notifications:write',
    ] as const) {
      expect(ENVIRONMENT_PERMISSIONS.has(permission), permission).toBe(false);
    }
  });
});
