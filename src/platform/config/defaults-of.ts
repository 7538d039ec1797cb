import type { z } from 'zod';
import type { ConfigOf, ConfigSection } from './define-config.js';
import { freezeDeep } from './objects.js';

/** A section's value without files and environment, for specs and benchmarks: `defaultsOf(httpConfig, { port: 0 })`. */
export function defaultsOf<S extends z.ZodObject>(
  section: ConfigSection<S>,
  overrides: Partial<z.input<S>> = {},
): ConfigOf<ConfigSection<S>> {
  return freezeDeep(section.schema.parse(overrides)) as ConfigOf<ConfigSection<S>>;
}
