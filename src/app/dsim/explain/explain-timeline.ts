import { FAULT_KINDS, type FaultKindDefinition } from '../../../engine/scenario/fault.types.js';
import type { LoadPartSpec } from '../../../engine/scenario/load.types.js';
import type { ChangeSpec, Scenario } from '../../../engine/scenario/scenario.types.js';
import { describeTarget } from '../../../engine/simulation/account/describe-target.js';
import type { RunClock } from '../terminal/local-time.js';
import { grid, percent, short, spell } from '../terminal/words.js';

interface Moment {
  readonly at: number;
  readonly text: string;
}

/** Everything that is planned, in order of time; what comes of it is what a run is for. */
export function explainTimeline(scenario: Scenario, clock: RunClock, columns: number): string {
  const moments = [
    ...scenario.faults.flatMap(faultMoments),
    ...scenario.changes.map((change) => ({ at: change.at, text: describeChange(change) })),
    ...scenario.load.flatMap(({ name, parts }) => parts.flatMap((part) => loadMoments(name, part))),
    ...scenario.services
      .filter(({ certificateExpires }) => certificateExpires < Infinity)
      .map(({ name, certificateExpires }) => ({ at: certificateExpires, text: `certificate of ${name} expires` })),
  ];
  const rows = moments
    .filter(({ at }) => at <= scenario.duration)
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => [clock.local(at), clock.run(at), text]);
  return rows.length === 0 ? '  nothing but the load\n' : grid(rows, columns, '  ');
}

function faultMoments(fault: Scenario['faults'][number]): readonly Moment[] {
  const { title, settings }: FaultKindDefinition = FAULT_KINDS[fault.kind];
  const values = Object.keys(settings).map((name) => `${name} ${short(fault.settings[name] ?? 0)}`);
  const how = [
    ...values,
    ...(fault.intensity < 1 ? [`intensity ${percent(fault.intensity)}`] : []),
    ...(fault.ramp > 0 ? [`rises over ${spell(fault.ramp)}`] : []),
  ];
  const detail = how.length === 0 ? '' : ` (${how.join(', ')})`;
  const begins = `fault ${fault.name}: ${title.toLowerCase()}, ${describeTarget(fault.kind, fault.target)}${detail}`;
  return [
    { at: fault.at, text: begins },
    ...(fault.duration > 1 && fault.duration < Infinity
      ? [{ at: fault.at + fault.duration, text: `fault ${fault.name} ends after ${spell(fault.duration)}` }]
      : []),
  ];
}

export function describeChange(change: ChangeSpec): string {
  switch (change.kind) {
    case 'deploy':
      return `deploy ${change.service} ${change.version}`;
    case 'rollback':
      return `roll ${change.service} back`;
    case 'scale':
      return `scale ${change.service} to ${change.replicas}`;
    case 'restart':
      return `restart ${change.service}`;
    case 'load':
      return `load of ${change.entryPoint ?? 'all entry points'} times ${short(change.factor)}`;
    case 'traffic': {
      const shares = Object.entries(change.weights).map(([cluster, share]) => `${percent(share)} to ${cluster}`);
      return `traffic of ${change.entryPoint ?? 'all entry points'}: ${shares.join(', ')}`;
    }
    case 'promote':
    case 'abort':
      return `${change.kind} the new version of ${change.service}`;
    case 'failover':
      return `fail ${change.store} over to a replica`;
  }
}

function loadMoments(entry: string, part: LoadPartSpec): readonly Moment[] {
  switch (part.kind) {
    case 'flash-crowd':
      return [
        {
          at: part.at,
          text: `flash crowd at ${entry}: times ${short(part.factor)} within ${spell(part.rise)}, for ${spell(part.hold)}`,
        },
      ];
    case 'ramp':
      return [
        {
          at: part.at,
          text: `load of ${entry} goes from ${short(part.from)} to ${short(part.to)} times within ${spell(part.duration)}`,
        },
      ];
    default:
      return [];
  }
}
