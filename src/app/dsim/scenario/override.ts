import { UsageError } from '../usage-error.js';

/** A field of the scenario that is set from outside: `services.web.replicas` to `5`. */
export interface Override {
  readonly path: string;
  readonly value: string;
}

/** @throws UsageError where it is not `path=value` */
export function parseOverride(text: string): Override {
  const at = text.indexOf('=');
  if (at > 0) return { path: text.slice(0, at).trim(), value: text.slice(at + 1) };
  throw new UsageError(`--set needs path=value, for example --set services.web.replicas=5, and "${text}" is not.`);
}
