import type { FaultTarget } from '../../scenario/fault.types.js';

const PARTS = ['entryPoint', 'service', 'version', 'store', 'cloud', 'region', 'zone', 'cluster', 'node'] as const;

/** What a fault acts on, in words: `service checkout, cluster eu (50 % of it)`, `region eu to store orders-db`. */
export function describeTarget(kind: string, target: FaultTarget): string {
  const here = describePlace(target);
  const share =
    target.share !== undefined && target.share < 1 ? ` (${Number((target.share * 100).toPrecision(3))} % of it)` : '';
  const place = here === '' ? (kind === 'traffic-surge' ? 'all entry points' : 'everything') : here;
  return target.to === undefined
    ? `${place}${share}`
    : `${place}${share} to ${describePlace(target.to) || 'everything'}`;
}

function describePlace(target: FaultTarget): string {
  return PARTS.flatMap((part) =>
    target[part] === undefined ? [] : [`${part === 'entryPoint' ? 'entry point' : part} ${target[part]}`],
  ).join(', ');
}
