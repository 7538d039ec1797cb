import { z } from 'zod';
import type { AnyConfigSection, ConfigFieldMeta } from './define-config.js';

export type FieldKind = 'string' | 'number' | 'boolean' | 'list' | 'json';

/** One setting of a section: what can be given by a single environment variable. */
export interface ConfigField {
  /** `['http', 'port']`. */
  readonly path: readonly string[];
  /** `http.port`. */
  readonly key: string;
  /** `HTTP_PORT`. */
  readonly env: string;
  readonly kind: FieldKind;
  readonly schema: z.ZodType;
  /** The schema without optional, default and the like around it. */
  readonly core: z.ZodType;
  readonly description: string;
  readonly meta: ConfigFieldMeta;
  /** True for a secret, and for a structure that holds one. */
  readonly secret: boolean;
  readonly required: boolean;
  readonly defaultValue: unknown;
}

type Def = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Record<string, z.ZodType>;
  readonly defaultValue?: unknown;
};

export const definitionOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

const WRAPPERS = new Set(['optional', 'nullable', 'default', 'prefault', 'readonly', 'catch', 'nonoptional']);

/** The schemas from the outermost wrapper to the core, outermost first. */
export function unwrap(schema: z.ZodType): readonly z.ZodType[] {
  const definition = definitionOf(schema);
  if (WRAPPERS.has(definition.type) && definition.innerType) return [schema, ...unwrap(definition.innerType)];
  if (definition.type === 'pipe' && definition.in && definition.out) {
    const input = definitionOf(definition.in).type === 'transform' ? definition.out : definition.in;
    return [schema, ...unwrap(input)];
  }
  return [schema];
}

export function coreOf(schema: z.ZodType): z.ZodType {
  return unwrap(schema).at(-1)!;
}

/** Facts given with `.describe()` and `.meta()` anywhere in the chain; the outermost wins. */
export function metaOf(schema: z.ZodType): ConfigFieldMeta & { readonly description?: string } {
  return Object.assign(
    {},
    ...unwrap(schema)
      .toReversed()
      .map((layer) => z.globalRegistry.get(layer) ?? {}),
  );
}

export function holdsSecret(schema: z.ZodType): boolean {
  if (metaOf(schema).secret) return true;
  const { type, element, valueType, options, shape } = definitionOf(coreOf(schema));
  if (type === 'array' && element) return holdsSecret(element);
  if (type === 'record' && valueType) return holdsSecret(valueType);
  if (type === 'union') return (options ?? []).some(holdsSecret);
  return type === 'object' && Object.values(shape ?? {}).some(holdsSecret);
}

export function fieldsOf(section: AnyConfigSection): readonly ConfigField[] {
  return collect(section.schema, [section.key]);
}

function collect(schema: z.ZodType, path: readonly string[]): ConfigField[] {
  const core = coreOf(schema);
  const { type, shape } = definitionOf(core);
  if (type === 'object' && shape)
    return Object.entries(shape).flatMap(([name, child]) => collect(child, [...path, name]));
  const meta = metaOf(schema);
  const absent = schema.safeParse(undefined);
  return [
    {
      path,
      key: path.join('.'),
      env: meta.env ?? environmentName(path),
      kind: kindOf(core),
      schema,
      core,
      description: meta.description ?? '',
      meta,
      secret: holdsSecret(schema),
      required: !absent.success,
      defaultValue: absent.data,
    },
  ];
}

/** `['anomalyDetection', 'tickSeconds']` becomes `ANOMALY_DETECTION_TICK_SECONDS`. */
export function environmentName(path: readonly string[]): string {
  return path
    .map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_'))
    .join('_')
    .toUpperCase();
}

function kindOf(core: z.ZodType): FieldKind {
  const { type, element } = definitionOf(core);
  if (type === 'number' || type === 'int') return 'number';
  if (type === 'boolean') return 'boolean';
  if (type === 'array' && element) return kindOf(coreOf(element)) === 'json' ? 'json' : 'list';
  if (['object', 'record', 'map', 'set', 'tuple', 'array'].includes(type)) return 'json';
  if (type === 'union' && (definitionOf(core).options ?? []).some((option) => kindOf(coreOf(option)) === 'json'))
    return 'json';
  return 'string';
}
