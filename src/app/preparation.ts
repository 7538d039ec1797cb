import { ConfigurationError, type ConfigurationIssue } from '../platform/config/configuration-error.js';
import type { AnyConfigSection } from '../platform/config/define-config.js';
import type { Environment } from '../platform/config/environment.js';
import { loadConfiguration, type Configuration, type ConfigOverride } from '../platform/config/load-configuration.js';
import type { FeatureRegistry } from '../platform/registry/feature-registry.js';
import { readLaunchSettings, type LaunchSettings } from '../platform/registry/launch-settings.js';
import type { ModuleDefinition } from '../platform/registry/module-definition.js';
import { resolveFeatures } from '../platform/registry/resolve-features.js';
import { CATALOGUE } from './catalogue.js';
import { PLATFORM_SECTIONS } from './platform-sections.js';

/** The worker of a process of role `all` is reached over IPC; its own listener is for a person with a shell. */
const SUPERVISED_OVERRIDES: readonly ConfigOverride[] = [
  { key: 'http.host', value: '127.0.0.1', source: 'worker of role all' },
  { key: 'http.port', value: 0, source: 'worker of role all' },
  { key: 'http.metricsPort', value: 0, source: 'worker of role all' },
  { key: 'http.aiPort', value: 0, source: 'worker of role all' },
];

/** Shown as the source of `database.url` where we run the server ourselves. */
export const EMBEDDED_SOURCE = 'embedded PostgreSQL';

export interface Preparation {
  readonly launch: LaunchSettings;
  readonly features: FeatureRegistry;
  readonly configuration: Configuration;
  readonly warnings: readonly string[];
  /** True where nobody gave a database address and this role may run its own server. */
  readonly needsEmbeddedDatabase: boolean;
}

/** Reads everything that decides what this process is, without touching network or disk beyond the YAML files. */
export async function prepare(env: Environment, overrides: readonly ConfigOverride[] = []): Promise<Preparation> {
  const issues: ConfigurationIssue[] = [];
  const launch = readLaunchSettings(env, issues);
  const features = resolveFeatures(CATALOGUE, launch.profile, env, issues);
  const loading = loadConfiguration({
    sections: await sectionsOf((definition) => features.registry.isEnabled(definition.id)),
    profile: launch.profile,
    configDir: launch.configDir,
    env,
    overrides: launch.supervised ? [...SUPERVISED_OVERRIDES, ...overrides] : overrides,
    fallbacks:
      launch.role === 'all' ? [{ key: 'database.url', value: 'postgresql://embedded', source: EMBEDDED_SOURCE }] : [],
    dormantSections: async () => (await sectionsOf(() => true)).map(({ key }) => key),
  });
  const configuration = await loading.catch((error: unknown) => {
    if (error instanceof ConfigurationError) throw new ConfigurationError([...issues, ...error.configurationIssues]);
    throw error;
  });
  if (issues.length > 0) throw new ConfigurationError(issues);
  const databaseUrl = configuration.settings.find(({ field }) => field.key === 'database.url');
  return {
    launch,
    features: features.registry,
    configuration,
    warnings: [...features.warnings, ...configuration.warnings],
    needsEmbeddedDatabase: databaseUrl?.source === EMBEDDED_SOURCE && overrides.length === 0,
  };
}

async function sectionsOf(include: (definition: ModuleDefinition) => boolean): Promise<readonly AnyConfigSection[]> {
  const own = await Promise.all(
    CATALOGUE.filter(include).map(async (definition) => (await definition.config?.()) ?? []),
  );
  return [...PLATFORM_SECTIONS, ...own.flat()];
}

/** Every section there is, for the reference and the chart. */
export function allSections(): Promise<readonly AnyConfigSection[]> {
  return sectionsOf(() => true);
}
