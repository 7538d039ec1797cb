import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyConfigSection } from '../../platform/config/define-config.js';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { fieldsOf, type ConfigField } from '../../platform/config/schema-fields.js';
import type { ModuleDefinition } from '../../platform/registry/module-definition.js';
import { flagOf } from '../../platform/registry/resolve-features.js';
import { CATALOGUE } from '../catalogue.js';
import { allSections } from '../preparation.js';
import { chartValuesSchema, plainSettings, secretReferences, type JsonSchema } from './chart-values.js';
import { runCommand } from './command.js';

const FILE = join(PROJECT_DIR, 'helm/values.schema.json');

/** Settings that the chart gives itself, from values of its own: in `config` they would contradict these. */
const GIVEN_BY_THE_CHART = new Set([
  'HTTP_HOST',
  'HTTP_PORT',
  'HTTP_METRICS_PORT',
  'HTTP_AI_PORT',
  'METRICS_PUBLIC',
  'DATABASE_URL',
  'DATABASE_REPLICA_URLS',
  'DATABASE_TLS_MODE',
  'REDIS_URL',
  'AUTH_JWT_SECRET',
  'AUTH_ADMIN_PASSWORD',
  'TELEMETRY_INGEST_TOKEN',
]);

/** The schema of the chart's values, in which a misspelt setting, flag or key is an error of `helm lint`. */
export function chartSchema(sections: readonly AnyConfigSection[], catalogue: readonly ModuleDefinition[]): JsonSchema {
  const fields = sections.flatMap(fieldsOf).filter(({ env }) => !GIVEN_BY_THE_CHART.has(env));
  const flags = catalogue
    .filter(({ toggleable }) => toggleable)
    .map(({ id, description }) => [flagOf(id), { enum: [true, false, 'true', 'false'], description }] as const);
  const plain = fields.map((field) =>
    field.secret
      ? ([
          `${field.env}_FILE`,
          { type: 'string', description: `File that holds ${field.env}: ${field.description}` },
        ] as const)
      : ([field.env, settingSchema(field)] as const),
  );
  const secrets = fields.filter(({ secret }) => secret).map(({ env, description }) => [env, description] as const);
  return chartValuesSchema(plainSettings([...flags, ...plain]), secretReferences(secrets));
}

/** What a variable may hold: text always, and what people write in YAML instead. */
function settingSchema({ kind, core, description }: ConfigField): JsonSchema {
  const { type } = core.def;
  if (type === 'enum') return { enum: (core as unknown as { options: readonly string[] }).options, description };
  if (kind === 'boolean') return { enum: [true, false, 'true', 'false'], description };
  if (kind !== 'number') return { type: ['string', 'number', 'boolean'], description };
  const { minValue, maxValue } = core as unknown as { minValue: number | null; maxValue: number | null };
  return {
    type: ['number', 'string'],
    pattern: '^-?[0-9]+(\\.[0-9]+)?$',
    ...bound('minimum', minValue),
    ...bound('maximum', maxValue),
    description,
  };
}

function bound(name: 'minimum' | 'maximum', value: number | null): JsonSchema {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? {} : { [name]: value };
}

runCommand(
  import.meta.url,
  {
    usage: 'npm run chart:schema',
    description: 'Writes helm/values.schema.json: the values of the chart, and all settings by their variables.',
    options: [['--check', 'Writes nothing; exit code 1 when the committed file differs.']],
  },
  { check: { type: 'boolean' } },
  async ({ check }) => {
    const text = `${JSON.stringify(chartSchema(await allSections(), CATALOGUE), null, 2)}\n`;
    if (check !== true) {
      writeFileSync(FILE, text);
      process.stdout.write(`Wrote ${FILE}\n`);
      return 0;
    }
    if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return 0;
    process.stderr.write(
      'helm/values.schema.json is not what the schemas say. Run `npm run chart:schema` and commit the result.\n',
    );
    return 1;
  },
);
