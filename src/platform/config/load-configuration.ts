import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../registry/module-definition.js';
import { coerce } from './coerce.js';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.js';
import type { AnyConfigSection, ConfigOf } from './define-config.js';
import { didYouMean } from './did-you-mean.js';
import { readVariable, type Environment } from './environment.js';
import { isPlainObject, mergeDeep, setIn, valueIn, freezeDeep } from './objects.js';
import { fieldsOf, type ConfigField } from './schema-fields.js';
import { hideSecrets, isWellKnownSecret } from './secrets.js';
import { checkUnknownKeys } from './unknown-keys.js';
import { readYaml, type YamlSource } from './yaml-source.js';

/** A value the program itself supplies, such as the URL of the database it has just started. */
export interface ConfigOverride {
  readonly key: string;
  readonly value: unknown;
  /** Shown as the source: `embedded PostgreSQL`. */
  readonly source: string;
}

export interface LoadOptions {
  readonly sections: readonly AnyConfigSection[];
  readonly profile: Profile;
  /** Folder with `base.yaml` and `<profile>.yaml`. */
  readonly configDir: string;
  readonly env: Environment;
  /** Win over everything else. */
  readonly overrides?: readonly ConfigOverride[];
  /** Stand in where neither file nor environment gives a value. */
  readonly fallbacks?: readonly ConfigOverride[];
  /** Keys of sections that exist but belong to modules that are off: allowed in YAML, not read. */
  readonly dormantSections?: () => Promise<readonly string[]>;
}

export interface EffectiveSetting {
  readonly field: ConfigField;
  readonly value: unknown;
  /** As `value`, with secrets hidden. */
  readonly shown: unknown;
  /** `default`, `HTTP_PORT`, `config/base.yaml:3`, ... */
  readonly source: string;
}

export interface Configuration {
  readonly profile: Profile;
  readonly settings: readonly EffectiveSetting[];
  /** Things to say at boot that are not errors. */
  readonly warnings: readonly string[];
  get<C extends AnyConfigSection>(section: C): ConfigOf<C>;
  sections(): readonly AnyConfigSection[];
}

/**
 * Defaults of the schema, then `base.yaml`, then `<profile>.yaml`, then the environment, merged key by key. Throws a
 * `ConfigurationError` with everything that is wrong.
 */
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const issues: ConfigurationIssue[] = [];
  const { sections, profile, env } = options;
  const base = readYaml(join(options.configDir, 'base.yaml'), issues);
  const overlay = readYaml(join(options.configDir, `${profile}.yaml`), issues, true);
  const fields = sections.flatMap(fieldsOf);
  for (const source of [base, overlay]) await checkUnknownKeys(source, sections, options.dormantSections, issues);

  const raw = mergeDeep(pickKnown(base.content, sections), pickKnown(overlay.content, sections));
  const sources = new Map<string, string>();
  for (const field of fields) {
    const yaml = [overlay, base].find((candidate) => valueIn(candidate.content, field.path) !== undefined);
    if (yaml) sources.set(field.key, yaml.locate(field.path));
    const given = fromEnvironment(field, env, issues);
    if (given) {
      setIn(raw, field.path, coerce(field, given.text));
      sources.set(field.key, given.source);
    }
    const override =
      options.overrides?.find(({ key }) => key === field.key) ??
      (sources.has(field.key) ? undefined : options.fallbacks?.find(({ key }) => key === field.key));
    if (override) {
      setIn(raw, field.path, override.value);
      sources.set(field.key, override.source);
    }
  }

  const values = new Map<string, unknown>();
  for (const section of sections) {
    const result = section.schema.safeParse(raw[section.key] ?? {});
    if (result.success) values.set(section.token, freezeDeep(result.data));
    else {
      const own = fields.filter(({ path }) => path[0] === section.key);
      for (const issue of result.error.issues) {
        const path = [section.key, ...issue.path.map(String)];
        issues.push(describeIssue(path, issue.message, own, sources, [overlay, base], raw));
      }
    }
  }
  const settings = fields.map((field) => effectiveSetting(field, values, sections, sources));
  if (profile === 'production') issues.push(...settings.flatMap(checkForProduction));
  if (issues.length > 0) throw new ConfigurationError(issues);

  return {
    profile,
    settings,
    warnings: nearMisses(fields, env),
    sections: () => sections,
    get<C extends AnyConfigSection>(section: C): ConfigOf<C> {
      if (!values.has(section.token)) throw new Error(`configuration section "${section.key}" is not loaded`);
      return values.get(section.token) as ConfigOf<C>;
    },
  };
}

function pickKnown(content: YamlSource['content'], sections: readonly AnyConfigSection[]): Record<string, unknown> {
  const known = new Set(sections.map(({ key }) => key));
  return structuredClone(
    Object.fromEntries(Object.entries(content).filter(([key, value]) => known.has(key) && isPlainObject(value))),
  );
}

function fromEnvironment(
  field: ConfigField,
  env: Environment,
  issues: ConfigurationIssue[],
): { text: string; source: string } | undefined {
  const direct = readVariable(env, field.env);
  const fileVariable = `${field.env}_FILE`;
  const file = field.secret ? readVariable(env, fileVariable) : undefined;
  if (file === undefined) return direct === undefined ? undefined : { text: direct, source: field.env };
  if (direct !== undefined) {
    issues.push({
      key: field.key,
      source: `${field.env} and ${fileVariable}`,
      problem: 'is given twice.',
      cure: `Unset ${field.env} or ${fileVariable}.`,
    });
    return undefined;
  }
  try {
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, ''), source: `${fileVariable} (${file})` };
  } catch (error) {
    issues.push({
      key: field.key,
      source: fileVariable,
      problem: `the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      cure: `Point ${fileVariable} at a file that this user may read.`,
    });
    return undefined;
  }
}

function describeIssue(
  path: readonly string[],
  message: string,
  fields: readonly ConfigField[],
  sources: ReadonlyMap<string, string>,
  files: readonly YamlSource[],
  raw: Record<string, unknown>,
): ConfigurationIssue {
  const key = path.join('.');
  const field = fields.find((candidate) => key === candidate.key || key.startsWith(`${candidate.key}.`));
  const inFile = files.find((file) => valueIn(file.content, path) !== undefined)?.locate(path);
  const given = valueIn(raw, path);
  const scalar = given !== undefined && !isPlainObject(given) && !Array.isArray(given);
  const got = scalar ? `, got ${field?.secret ? 'a hidden value' : JSON.stringify(given)}` : '';
  const describe = field?.description ? ` (${field.description.replace(/\.$/, '')})` : '';
  const example = field?.meta.example === undefined ? '' : `, for example ${field.meta.example}`;
  return {
    key,
    source: (field && sources.get(field.key)) ?? inFile ?? 'not set',
    problem: `${message}${got}.`,
    cure: field
      ? `Set ${field.env}${field.secret ? ` or ${field.env}_FILE` : ''}, or ${field.key} in YAML${example}${describe}.`
      : `Correct ${key} in YAML; docs/configuration.md lists what is allowed.`,
  };
}

function effectiveSetting(
  field: ConfigField,
  values: ReadonlyMap<string, unknown>,
  sections: readonly AnyConfigSection[],
  sources: ReadonlyMap<string, string>,
): EffectiveSetting {
  const section = sections.find(({ key }) => key === field.path[0])!;
  const value = valueIn(values.get(section.token), field.path.slice(1));
  return { field, value, shown: hideSecrets(field.schema, value), source: sources.get(field.key) ?? 'default' };
}

function checkForProduction({ field, value, source }: EffectiveSetting): readonly ConfigurationIssue[] {
  const cure = `Set ${field.env}${field.secret ? ` or ${field.env}_FILE` : ''}${
    field.meta.secret ? '; `openssl rand -base64 48` makes a good value' : ''
  }.`;
  const issue = (problem: string): ConfigurationIssue => ({
    key: field.key,
    source: source === 'default' ? 'not set' : source,
    problem,
    cure,
  });
  // A value that failed its schema is absent here, and has been reported already.
  if (field.meta.requiredInProduction && (source === 'default' || value === '')) {
    return [issue('must be set by the operator in the production profile.')];
  }
  if (field.meta.secret && isWellKnownSecret(value)) {
    return [issue('is a well-known default, which the production profile refuses.')];
  }
  return [];
}

/** Other programs share our prefixes (`HTTP_PROXY`, `REDIS_PORT` of a Kubernetes Service), so a slip is a warning. */
function nearMisses(fields: readonly ConfigField[], env: Environment): readonly string[] {
  const known = new Set(fields.flatMap(({ env: name, secret }) => (secret ? [name, `${name}_FILE`] : [name])));
  const prefixes = [...new Set(fields.map(({ env: name }) => name.slice(0, name.indexOf('_') + 1)))].filter(Boolean);
  return Object.keys(env)
    .filter((name) => !known.has(name) && prefixes.some((prefix) => name.startsWith(prefix)))
    .flatMap((name) => {
      const hint = didYouMean(name, known);
      return hint === '' || name.length < 8 ? [] : [`${name} is not a setting, so it is ignored.${hint}`];
    });
}
