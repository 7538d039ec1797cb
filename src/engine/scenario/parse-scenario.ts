import { isTimeZone } from '../scaling/keda/cron/time-zone.js';
import { applyOverrides } from './text/apply-overrides.js';
import { ScenarioFiles } from './text/scenario-files.js';
import { expandManifests } from './kubernetes/expand-manifests.js';
import { collectObjects } from './kubernetes/collect-objects.js';
import { readAutoscalers } from './kubernetes/read-autoscalers.js';
import { readDeployments } from './kubernetes/read-deployments.js';
import { LIMITS } from './limits.js';
import { checkCalls } from './resolve/call-graph.js';
import type { Names } from './resolve/names.types.js';
import { checkShape } from './resolve/check-shape.js';
import { resolveChanges } from './resolve/resolve-changes.js';
import { resolveExpectations } from './resolve/resolve-expectations.js';
import { resolveFaults } from './resolve/resolve-faults.js';
import { resolveLoad } from './resolve/resolve-load.js';
import { resolvePlaces } from './resolve/resolve-platform.js';
import { resolveServices } from './resolve/resolve-services.js';
import { resolveSlos } from './resolve/resolve-slos.js';
import { resolveStores } from './resolve/resolve-stores.js';
import { inOrder, SectionReader } from './resolve/section-reader.js';
import { poolNames, sizeClusters } from './resolve/size-clusters.js';
import { InvalidScenarioError, type ScenarioIssue } from './scenario.errors.js';
import type { ScenarioSource } from './scenario-source.types.js';
import type { Scenario } from './scenario.types.js';
import { changeSchema } from './schema/change.schema.js';
import { expectationSchema } from './schema/expectation.schema.js';
import { faultSchema } from './schema/fault.schema.js';
import { entrySchema } from './schema/load.schema.js';
import { headSchema, telemetrySchema } from './schema/scenario.schema.js';
import { serviceSchema } from './schema/service.schema.js';
import { storeSchema } from './schema/store.schema.js';
import { formatDuration } from './units/duration.js';
import { parseStart } from './units/start-time.js';

export type { ScenarioSource } from './scenario-source.types.js';

/**
 * Reads a scenario: YAML with includes and overrides, to a scenario with defaults filled in, names checked and units
 * fixed (docs/scenarios.md is its reference).
 *
 * @throws InvalidScenarioError with every mistake, its place and its cure
 */
export function parseScenario(text: string, source: ScenarioSource): Scenario {
  const issues: ScenarioIssue[] = [];
  const files = new ScenarioFiles(source, issues);
  const read = files.scenario(text, source.file);
  if (!read) throw new InvalidScenarioError(issues);
  const tree = expandManifests(applyOverrides(read, source.overrides ?? [], issues), files);
  const reader = new SectionReader(tree, issues);
  if (tree.size > LIMITS.nodes)
    reader.report([], `has more than ${LIMITS.nodes} values, includes and manifests counted`);
  if (issues.length > 0 && tree.size > LIMITS.nodes) reader.finish();
  const scenario = resolveScenario(reader, files, source);
  reader.finish();
  noteLateEvents(reader, scenario);
  return { ...scenario, notes: inOrder(reader.notes) };
}

/** Faults and changes that the run does not live to see. */
function noteLateEvents(reader: SectionReader, { faults, changes, duration }: Scenario): void {
  const late = (section: string, at: number, index: number) => {
    if (at >= duration) reader.note([section, index, 'at'], `the run ends before, after ${formatDuration(duration)}`);
  };
  faults.forEach(({ at }, index) => late('faults', at, index));
  changes.forEach(({ at }, index) => late('changes', at, index));
}

function resolveScenario(reader: SectionReader, files: ScenarioFiles, source: ScenarioSource): Scenario {
  checkShape(reader);
  const places = resolvePlaces(reader);
  const names: Names = {
    services: reader.entries(['services'], serviceSchema),
    stores: reader.entries(['stores'], storeSchema),
    entries: reader.entries(['load'], entrySchema),
    clusters: new Map(places.clusters.map(({ name, region }) => [name, region])),
    pools: new Map(places.clusters.map(({ name, nodePools }) => [name, poolNames(nodePools)])),
    regions: new Map(places.regions.map(({ name, zones }) => [name, zones])),
  };
  const objects = collectObjects(reader);
  const services = resolveServices(reader, names, readDeployments(reader, names, objects));
  const stores = resolveStores(reader, names);
  checkCalls(reader, services, stores);
  const autoscalers = readAutoscalers(reader, names, objects);
  const faults = resolveFaults(reader, names, reader.items(['faults'], faultSchema));
  const slos = resolveSlos(reader, names);
  const judged = { slos: byName(slos, reader, 'slos'), faults: byName(faults, reader, 'faults') };
  return {
    ...resolveHead(reader, source),
    telemetry:
      (reader.has(['telemetry']) ? reader.read(['telemetry'], telemetrySchema) : undefined) ??
      telemetrySchema.parse({}),
    platform: sizeClusters(places, services, autoscalers),
    services,
    stores,
    load: resolveLoad(reader, names, files),
    autoscalers,
    faults,
    changes: resolveChanges(reader, names, reader.items(['changes'], changeSchema)),
    slos,
    expect: resolveExpectations(reader, names, judged, reader.items(['expect'], expectationSchema)),
  };
}

/** Names that can be referred to: those of items that could be read, and those of items that could not. */
function byName(
  items: readonly { readonly name: string }[],
  reader: SectionReader,
  section: string,
): Map<string, unknown> {
  const plain = reader.plain([section]);
  const written = Array.isArray(plain) ? plain.map((item) => (item as { name?: unknown } | null)?.name) : [];
  return new Map([...items.map(({ name }) => name), ...written].map((name) => [String(name), true]));
}

type Head = Pick<Scenario, 'version' | 'name' | 'title' | 'teaches' | 'start' | 'duration' | 'seed' | 'timeZone'>;

function resolveHead(reader: SectionReader, source: ScenarioSource): Head {
  const field = <Key extends keyof typeof headSchema>(key: Key) => reader.read([key], headSchema[key]);
  field('dsim');
  const name = (reader.has(['name']) ? reader.read(['name'], headSchema.name) : undefined) ?? nameOfFile(source.file);
  const timeZone = reader.read(['timeZone'], headSchema.timeZone) ?? 'UTC';
  const known = isTimeZone(timeZone);
  if (!known)
    reader.report(['timeZone'], `there is no time zone "${timeZone}"; give an IANA name, for example Europe/Berlin`);
  const text = reader.read(['start'], headSchema.start);
  const start = text === undefined ? 0 : parseStart(text, known ? timeZone : 'UTC');
  if (start === undefined) reader.report(['start'], `must be a date and time such as 2026-01-05T08:00, not ${text}`);
  return {
    version: 1,
    name,
    title: reader.read(['title'], headSchema.title) ?? name,
    teaches: reader.read(['teaches'], headSchema.teaches)?.trim() ?? '',
    start: start ?? 0,
    duration: reader.read(['duration'], headSchema.duration) ?? 0,
    seed: reader.read(['seed'], headSchema.seed) ?? 0,
    timeZone,
  };
}

/** `scenarios/Black Friday.yaml`: black-friday. */
function nameOfFile(file: string): string {
  const base = file
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  const words = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50);
  return words === '' ? 'scenario' : words.replace(/-+$/, '');
}
