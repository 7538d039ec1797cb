import { PERMISSIONS, type Permission } from '../../../platform/http/access.js';

export const ROLE_NAMES = ['admin', 'operator', 'viewer'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

const READ: readonly Permission[] = [
  'environments:read',
  'telemetry:read',
  'anomalies:read',
  'incidents:read',
  'notifications:read',
  'simulation:read',
  'metrics:read',
];

/** What each role may do. Roles are for people; API tokens carry their permissions themselves. */
export const ROLE_PERMISSIONS: Readonly<Record<RoleName, ReadonlySet<Permission>>> = {
  admin: new Set(PERMISSIONS),
  operator: new Set<Permission>([
    ...READ,
    'anomalies:write',
    'incidents:acknowledge',
    'incidents:resolve',
    'notifications:write',
    'simulation:control',
    'models:write',
  ]),
  viewer: new Set(READ),
};

/**
 * What a token that is bound to an environment can hold: only what is checked against that environment. The rest
 * (users, audit, queues, ...) reaches over all of them.
 */
export const ENVIRONMENT_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  'environments:read',
  'telemetry:read',
  'telemetry:write',
  'anomalies:read',
  'anomalies:write',
  'incidents:read',
  'incidents:acknowledge',
  'incidents:resolve',
  'simulation:read',
  'simulation:control',
]);

/** What only a person can hand on: with these a leaked token could make itself permanent. */
export const USER_GRANTED_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>(['admin', 'tokens:manage']);
