/** Seconds of each unit. */
const SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

const PART = /(\d+(?:\.\d+)?)(us|ms|s|m|h|d|w)/y;

/** Seconds of `250ms`, `90s`, `1h30m`, `1.5d`, `-90s`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  let seconds = 0;
  PART.lastIndex = negative ? 1 : 0;
  if (PART.lastIndex === text.length) return undefined;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (!match) return undefined;
    seconds += Number(match[1]) * SECONDS[match[2]!]!;
  }
  return round(negative ? -seconds : seconds);
}

/** 0.1 + 0.2 of different units must not show as 0.30000000000000004. */
function round(value: number): number {
  return Number(value.toPrecision(15));
}

/** The shortest way to write seconds: `250ms`, `90s`, `1h`. */
export function formatDuration(seconds: number): string {
  if (seconds === Infinity) return 'none';
  if (seconds === 0) return '0s';
  const magnitude = Math.abs(seconds);
  const unit = ['w', 'd', 'h', 'm', 's', 'ms'].find((each) => {
    const count = magnitude / SECONDS[each]!;
    return count >= 1 && Math.abs(count - Math.round(count)) < 1e-9;
  });
  if (unit === undefined && magnitude >= 1) return `${round(seconds)}s`;
  if (unit === undefined) return magnitude >= 1e-3 ? `${round(seconds * 1e3)}ms` : `${round(seconds * 1e6)}us`;
  return `${Math.round(seconds / SECONDS[unit]!)}${unit}`;
}
