import { Inject } from '@nestjs/common';
import type { z } from 'zod';

/**
 * One section of the configuration: a key in the YAML files, a prefix in the environment, a schema with a
 * `.describe()` on every field. `docs/configuration.md` and the chart's schema are generated from these.
 *
 * Environment names follow from the path: `telemetry.retentionDays` is `TELEMETRY_RETENTION_DAYS`. A field with
 * `.meta({ secret: true })` is hidden in every print-out and may come from a file named by `..._FILE`.
 */
export interface ConfigSection<S extends z.ZodObject = z.ZodObject> {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly schema: S;
  /** Injection token of the frozen, validated value. */
  readonly token: string;
}

export type AnyConfigSection = ConfigSection<z.ZodObject>;
export type ConfigOf<C> = C extends ConfigSection<infer S> ? Readonly<z.output<S>> : never;

/** Extra facts about a field, given with zod's `.meta()`. */
export interface ConfigFieldMeta {
  /** Hidden in print-outs and logs; `NAME_FILE` is accepted. */
  readonly secret?: boolean;
  readonly example?: string;
  /** Must be set by the operator in the production profile. */
  readonly requiredInProduction?: boolean;
  /** Name of the environment variable where a standard one exists (`OTEL_EXPORTER_OTLP_ENDPOINT`). */
  readonly env?: string;
}

export function defineConfig<S extends z.ZodObject>(options: {
  key: string;
  title: string;
  description: string;
  schema: S;
}): ConfigSection<S> {
  return { ...options, token: `CONFIGURATION(${options.key})` };
}

/** `constructor(@InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>)` */
export function InjectConfig(section: AnyConfigSection): ParameterDecorator & PropertyDecorator {
  return Inject(section.token);
}
