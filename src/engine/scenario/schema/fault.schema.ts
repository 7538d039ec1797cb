import { z } from 'zod';
import { FAULT_KINDS, type FaultKind, type FaultSetting, type FaultTargetKind } from '../fault.types.js';
import { LIMITS } from '../limits.js';
import { amount, bytes, choice, cores, duration, name, number, ratio, section, text } from './fields.js';
import { CLOUDS } from './platform.schema.js';

/** A fault as it is written, units read, names not yet looked up. */
export interface RawFault {
  readonly kind: FaultKind;
  readonly name?: string;
  readonly at?: number;
  readonly for: number;
  readonly ramp: number;
  readonly intensity: number;
  readonly target: RawTarget;
  /** By the names of the kind's settings. */
  readonly settings: Readonly<Record<string, number>>;
}

const place = {
  service: name('Name of a service.').optional(),
  store: name('Name of a store.', 'cart-db').optional(),
  cluster: name('Name of a cluster.', 'eu-1').optional(),
  region: name('Name of a region.', 'eu').optional(),
  zone: name('Name of a zone.', 'eu-a').optional(),
  cloud: choice('Provider.', CLOUDS).optional(),
  node: text('Name of a node or of a node pool.', { max: 100, example: 'general' }).optional(),
};

const targetSchema = section(
  {
    ...place,
    entry: name('Name of an entry point of the load.', 'shoppers').optional(),
    version: text('Only this version of the service.', { max: 60, example: '1.4.0' }).optional(),
    share: ratio('Share of the pods or nodes that match; at least one is taken.').optional(),
    to: section(place, 'The other end of a network fault. Left out: everything else.').optional(),
  },
  'What the fault acts on.',
).meta({ id: 'Target' });

export type RawTarget = z.output<typeof targetSchema>;

const common = {
  name: name('Unique; the ground truth and `expect` use it. Left out: the kind.', 'slow-db').optional(),
  target: targetSchema.prefault({}),
  at: duration('When it starts, from the start of the run.', { bare: true, max: LIMITS.duration }),
  for: duration('How long it lasts; none: until it is cleared.', {
    bare: true,
    above: 0,
    none: true,
    max: LIMITS.duration,
  }).prefault('none'),
  ramp: duration('Time in which it rises to its full intensity; it ends at once.', {
    bare: true,
    max: LIMITS.duration,
  }).prefault('0s'),
  intensity: ratio('Scales what the settings do.').prefault('100%'),
};

function settingSchema({ unit, default: value, min, max, description }: FaultSetting) {
  switch (unit) {
    case 'seconds':
      return duration(description, { bare: true, min, max }).prefault(value);
    case 'bytes':
    case 'bytes/s':
      return bytes(description, { min, max }).prefault(value);
    case 'cores':
      return cores(description, { min, max }).prefault(value);
    case 'ratio':
      return ratio(description, { min, max }).prefault(value);
    case 'count':
    case 'count/s':
      return amount(description, { min, max }).prefault(value);
    case 'factor':
      return number(description, { min, max }).prefault(value);
  }
}

/** For the JSON Schema: a target must name one of the things that the kind acts on. */
function targetOf(kind: FaultKind) {
  const accepted: readonly FaultTargetKind[] = FAULT_KINDS[kind].targets;
  if (accepted.includes('entry')) return targetSchema.describe('Where it acts.').prefault({});
  const keys = accepted.includes('link') ? Object.keys(place) : accepted;
  const forms = keys.map((key) => ({ type: 'object', properties: { [key]: true }, required: [key] }));
  return targetSchema.meta({ description: 'Where it acts.', anyOf: forms }).prefault({});
}

function schemaOf(kind: FaultKind, atIsOptional: boolean) {
  const { description, settings, targets } = FAULT_KINDS[kind];
  const everywhere = (targets as readonly FaultTargetKind[]).includes('entry');
  const own = Object.entries<FaultSetting>(settings).map(([key, setting]) => [key, settingSchema(setting)] as const);
  return section(
    {
      kind: z.literal(kind),
      ...common,
      target: targetOf(kind),
      ...(atIsOptional ? { at: common.at.optional() } : {}),
      ...Object.fromEntries(own),
    },
    description,
  ).meta({ required: ['kind', ...(atIsOptional ? [] : ['at']), ...(everywhere ? [] : ['target'])] });
}

function allKinds(atIsOptional: boolean): z.ZodType<RawFault> {
  const [first, ...rest] = (Object.keys(FAULT_KINDS) as FaultKind[]).map((kind) => schemaOf(kind, atIsOptional));
  return z.discriminatedUnion('kind', [first!, ...rest], { error: () => UNKNOWN_KIND }).transform((value): RawFault => {
    const { kind, name: given, target, at, for: length, ramp, intensity, ...settings } = value;
    return {
      kind,
      ...(given !== undefined && { name: given }),
      target,
      ...(at !== undefined && { at }),
      for: length,
      ramp,
      intensity,
      settings,
    };
  });
}

/** Stands for a message with a suggestion, which needs the kind that was given. */
export const UNKNOWN_KIND = 'must be a kind of fault';

export const faultSchema = allKinds(false);
/** As people and the API inject it now: without `at`. */
export const faultNowSchema = allKinds(true);
