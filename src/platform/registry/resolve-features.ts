import { parseBoolean } from '../config/coerce.js';
import type { ConfigurationIssue } from '../config/configuration-error.js';
import { didYouMean } from '../config/did-you-mean.js';
import { readVariable, type Environment } from '../config/environment.js';
import { FeatureRegistry, type Feature } from './feature-registry.js';
import type { ModuleDefinition, Profile } from './module-definition.js';

export interface ResolvedFeatures {
  readonly registry: FeatureRegistry;
  readonly warnings: readonly string[];
}

/** `anomaly-detection` becomes `FEATURE_ANOMALY_DETECTION`. */
export function flagOf(moduleId: string): string {
  return `FEATURE_${moduleId.replaceAll('-', '_').toUpperCase()}`;
}

/** Profile defaults and flags become a list of modules, on or off. Contradictions are added to `issues`. */
export function resolveFeatures(
  catalogue: readonly ModuleDefinition[],
  profile: Profile,
  env: Environment,
  issues: ConfigurationIssue[],
): ResolvedFeatures {
  checkCatalogue(catalogue);
  checkFlags(catalogue, env, issues);
  const features = catalogue.map((definition) => resolveOne(definition, profile, env));
  checkDependencies(features, issues);
  const warnings = features
    .filter(({ enabled, stage }) => profile === 'production' && enabled && stage === 'experimental')
    .map(
      ({ id, flag }) =>
        `The experimental module ${id} is on in production because ${flag}=true; it may change or fail.`,
    );
  return { registry: new FeatureRegistry(features), warnings };
}

function checkCatalogue(catalogue: readonly ModuleDefinition[]): void {
  const seen = new Set<string>();
  for (const { id, dependsOn, stage, enabledIn } of catalogue) {
    if (seen.has(id)) throw new Error(`module "${id}" is in the catalogue twice`);
    const unmet = dependsOn.find((dependency) => !seen.has(dependency));
    if (unmet !== undefined)
      throw new Error(`module "${id}" depends on "${unmet}", which is not above it in the catalogue`);
    if (stage === 'experimental' && enabledIn.includes('production')) {
      throw new Error(`module "${id}" is experimental, so it cannot be on by default in production`);
    }
    seen.add(id);
  }
}

function checkFlags(catalogue: readonly ModuleDefinition[], env: Environment, issues: ConfigurationIssue[]): void {
  const flags = new Map(catalogue.map((definition) => [flagOf(definition.id), definition]));
  const toggleable = [...flags].filter(([, definition]) => definition.toggleable).map(([flag]) => flag);
  for (const name of Object.keys(env)) {
    if (!name.startsWith('FEATURE_') || readVariable(env, name) === undefined) continue;
    const definition = flags.get(name);
    if (!definition) {
      issues.push({
        key: name,
        source: 'environment',
        problem: `no module has this flag.${didYouMean(name, toggleable)}`,
        cure: `Unset it or correct its name; flags are ${toggleable.join(', ')}.`,
      });
    } else if (!definition.toggleable) {
      issues.push({
        key: name,
        source: 'environment',
        problem: `${definition.id} is a part that the product cannot run without, so it has no flag.`,
        cure: `Unset ${name}.`,
      });
    } else if (parseBoolean(readVariable(env, name)!) === undefined) {
      issues.push({
        key: name,
        source: 'environment',
        problem: `must be true or false, got ${JSON.stringify(env[name])}.`,
        cure: `Set ${name}=true or ${name}=false.`,
      });
    }
  }
}

function resolveOne(definition: ModuleDefinition, profile: Profile, env: Environment): Feature {
  const flag = definition.toggleable ? flagOf(definition.id) : null;
  const given = flag === null ? undefined : readVariable(env, flag);
  const chosen = given === undefined ? undefined : parseBoolean(given);
  const enabled = chosen ?? (definition.enabledIn.includes(profile) || !definition.toggleable);
  const why = definition.toggleable
    ? chosen === undefined
      ? `default of the ${profile} profile`
      : `${flag}=${given}`
    : 'always, the product cannot run without it';
  const { id, title, description, tier, stage, dependsOn } = definition;
  return { id, title, description, tier, stage, dependsOn, flag, enabled, reason: `${enabled ? 'on' : 'off'}: ${why}` };
}

/** Reports each enabled module once per missing dependency, however far down it is, so that one pass finds all. */
function checkDependencies(features: readonly Feature[], issues: ConfigurationIssue[]): void {
  const byId = new Map(features.map((feature) => [feature.id, feature]));
  const missingFor = (feature: Feature): ReadonlySet<Feature> =>
    new Set(
      feature.dependsOn.flatMap((id) => {
        const dependency = byId.get(id)!;
        return dependency.enabled ? [...missingFor(dependency)] : [dependency];
      }),
    );
  for (const feature of features.filter(({ enabled }) => enabled)) {
    for (const missing of missingFor(feature)) {
      const off = feature.flag === null ? '' : ` Or turn ${feature.id} off too: ${feature.flag}=false.`;
      issues.push({
        key: feature.flag ?? feature.id,
        source: feature.reason,
        problem: `${feature.id} is on, but it needs ${missing.id}, which is off (${missing.reason.slice('off: '.length)}).`,
        cure: `Turn ${missing.id} on: ${missing.flag}=true.${off}`,
      });
    }
  }
}
