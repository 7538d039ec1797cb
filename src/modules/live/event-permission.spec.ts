import { describe, expect, it } from 'vitest';
import { permissionForEvent } from './event-permission.js';

describe('permissionForEvent', () => {
  it.each([
    ['incidents.incident-opened', 'incidents:read'],
    ['anomaly-detection.tick-scored', 'anomalies:read'],
    ['environments.environment-deleted', 'environments:read'],
    ['chaos.fault-injected', 'admin'],
    ['incidentsx.incident-opened', 'admin'],
    ['constructor.x', 'admin'],
    ['', 'admin'],
  ])('of %s is %s', (type, permission) => {
    expect(permissionForEvent(type)).toBe(permission);
  });
});
