import type { Permission } from '../../platform/http/access.js';

/** Who may read a module's resources may hear its events. The module is the first part of an event's type. */
const PERMISSION_OF: Readonly<Record<string, Permission>> = {
  environments: 'environments:read',
  telemetry: 'telemetry:read',
  'anomaly-detection': 'anomalies:read',
  incidents: 'incidents:read',
  notifications: 'notifications:read',
};

/** What a caller needs to be sent an event; events of modules that are not listed here are for administrators. */
export function permissionForEvent(type: string): Permission {
  const module = type.split('.', 1)[0]!;
  return (Object.hasOwn(PERMISSION_OF, module) ? PERMISSION_OF[module] : undefined) ?? 'admin';
}
