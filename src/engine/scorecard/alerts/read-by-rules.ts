import type { RecordingRule } from './alert-rule.js';

/** What expressions read of the telemetry. */
export interface RuleReads {
  /** Whether they may read series of this metric. */
  reads(metric: string): boolean;
  /** Milliseconds that one evaluation may look back, ranges and offsets added up. */
  readonly reachMs: number;
}

/** Words before a brace that are no metric. */
const KEYWORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'by', 'on', 'without', 'ignoring']);

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1h30m` as Prometheus writes it, in milliseconds. */
export function durationMs(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) total += Number(count) * UNITS[unit!]!;
  return total;
}

/**
 * What PromQL expressions read, without a parser: every word outside of strings may name a metric, and a selector that
 * names none, or asks for `__name__`, may read everything. So it errs on the side of reading more.
 */
export function readsOf(expressions: readonly string[]): RuleReads {
  const bare = expressions.map((expr) => withoutText(expr));
  const words = new Set(bare.flatMap((expr) => expr.match(/[a-zA-Z_:][\w:]*/g) ?? []));
  const everything = words.has('__name__') || bare.some((expr) => hasNameless(expr));
  return {
    reads: (metric) => everything || words.has(metric),
    reachMs: Math.max(0, ...bare.map((expr) => reachOf(expr))),
  };
}

export interface RecordingLevels {
  /** Rules of a level read series of the levels before it only. Rules that nobody needs are left out. */
  readonly levels: readonly (readonly RecordingRule[])[];
  /** Names of series that are made of themselves: what they were before the telemetry begins, nobody knows. */
  readonly circular: readonly string[];
}

/** In which order series have to be recorded, so that all that these expressions read is there. */
export function recordingLevels(records: readonly RecordingRule[], expressions: readonly string[]): RecordingLevels {
  const readsOfName = new Map<string, RuleReads>();
  for (const name of new Set(records.map(({ record }) => record))) {
    readsOfName.set(name, readsOf(records.filter(({ record }) => record === name).map(({ expr }) => expr)));
  }
  const names = [...readsOfName.keys()];
  const levelOf = new Map<string, number>();
  const circular = new Set<string>();
  const visit = (name: string, above: readonly string[]): number => {
    if (above.includes(name)) {
      circular.add(name);
      return 0;
    }
    const known = levelOf.get(name);
    if (known !== undefined) return known;
    const reads = readsOfName.get(name)!;
    const below = names.filter((other) => reads.reads(other)).map((other) => visit(other, [...above, name]));
    const level = 1 + Math.max(-1, ...below);
    levelOf.set(name, level);
    return level;
  };
  const wanted = readsOf(expressions);
  for (const name of names) if (wanted.reads(name)) visit(name, []);
  const depth = Math.max(-1, ...levelOf.values());
  return {
    levels: Array.from({ length: depth + 1 }, (_, level) =>
      records.filter((rule) => levelOf.get(rule.record) === level),
    ),
    circular: [...circular],
  };
}

/** Without strings and comments. */
function withoutText(expr: string): string {
  return expr.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""').replace(/#.*/g, '');
}

function hasNameless(expr: string): boolean {
  for (const { index } of expr.matchAll(/\{/g)) {
    const word = /([\w:]*)\s*$/.exec(expr.slice(0, index))![1]!;
    if (word === '' || KEYWORDS.has(word.toLowerCase())) return true;
  }
  return false;
}

function reachOf(expr: string): number {
  let reach = 0;
  for (const [, range] of expr.matchAll(/\[\s*([0-9a-z]+)/g)) reach += durationMs(range!);
  for (const [, offset] of expr.matchAll(/\boffset\s+([0-9a-z]+)/gi)) reach += durationMs(offset!);
  return reach;
}
