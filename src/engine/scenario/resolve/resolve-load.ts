import { isTimeZone } from '../../scaling/keda/cron/time-zone.js';
import type { EntryPointSpec, LoadPartSpec } from '../load.types.js';
import { LIMITS } from '../limits.js';
import { readRecording } from '../replay/read-recording.js';
import type { RawEntry, RawReplay } from '../schema/load.schema.js';
import type { Path } from '../text/tree.types.js';
import type { ScenarioFiles } from '../text/scenario-files.js';
import { printPath } from '../text/trees.js';
import type { Names } from './names.types.js';
import { resolveOperation } from './resolve-operation.js';
import { resolveWeights } from './resolve-weights.js';
import type { SectionReader } from './section-reader.js';

type ReplayPart = Extract<LoadPartSpec, { readonly kind: 'replay' }>;

export function resolveLoad(reader: SectionReader, names: Names, files: ScenarioFiles): EntryPointSpec[] {
  return [...names.entries].flatMap(([name, raw]) =>
    raw ? (resolveEntry(reader, names, files, name, raw) ?? []) : [],
  );
}

function resolveEntry(
  reader: SectionReader,
  names: Names,
  files: ScenarioFiles,
  name: string,
  raw: RawEntry,
): EntryPointSpec | undefined {
  const path: Path = ['load', name];
  const target = resolveOperation(reader, names, [...path, 'to'], raw.to, 'service');
  const replay = raw.replay && resolveReplay(reader, files, [...path, 'replay'], raw.replay);
  if ((raw.rate === undefined) === (raw.replay === undefined))
    reader.report(path, 'needs either `rate` or `replay`', 'key');
  const consumer = target && names.services.get(target.component)?.consumes;
  if (consumer !== undefined)
    reader.report([...path, 'to'], `"${target!.component}" takes its requests from a queue, not from users`);
  if (!target) return undefined;
  const clusters = names.services.get(target.component)?.clusters ?? [...names.clusters.keys()];
  return {
    name,
    service: target.component,
    operation: target.operation,
    rate: raw.rate ?? (replay ? mean(replay) : 0),
    parts: [...(replay ? [replay] : []), ...raw.shape],
    client: raw.client,
    weights: resolveWeights(reader, [...path, 'weights'], raw.weights, clusters),
    dnsTtl: raw.dnsTtl,
  };
}

function resolveReplay(
  reader: SectionReader,
  files: ScenarioFiles,
  path: Path,
  raw: RawReplay,
): ReplayPart | undefined {
  if ((raw.file === undefined) === (raw.points === undefined))
    return reader.report(path, 'needs either `file` or `points`', 'key');
  if (raw.points) {
    const falling = raw.points.findIndex(([time], index) => index > 0 && time <= raw.points![index - 1]![0]);
    if (falling > 0) return reader.report([...path, 'points', falling], 'times must ascend');
    return replayOf(
      raw,
      raw.points.map(([time]) => time),
      raw.points.map(([, value]) => value),
    );
  }
  const at: Path = [...path, 'file'];
  const text = files.text(raw.file!, reader.placeOf(at), printPath(at), LIMITS.recordingLength);
  if (text === undefined) return undefined;
  const recording = readRecording(text, zoneOf(reader));
  if ('error' in recording) return reader.report(at, `"${raw.file}" ${recording.error}`);
  return replayOf(raw, recording.times, recording.values);
}

/** Of dates in recordings; a zone that is none is reported where it stands. */
function zoneOf(reader: SectionReader): string {
  const zone = reader.plain(['timeZone']);
  return typeof zone === 'string' && isTimeZone(zone) ? zone : 'UTC';
}

function replayOf({ repeat, scale }: RawReplay, times: readonly number[], values: readonly number[]): ReplayPart {
  return { kind: 'replay', times, values: scale === 1 ? values : values.map((value) => value * scale), repeat };
}

function mean({ values }: ReplayPart): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
