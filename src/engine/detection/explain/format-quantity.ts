/** What a number measures, in base units as Prometheus names them. */
export interface Quantity {
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'percent' | 'celsius' | 'cores' | 'count';
  /** Per second, as counters are scored. */
  readonly perSecond: boolean;
}

const KIB = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const MINUS = '\u2212';
/** Between a number and its unit, so that lines do not break there. */
const SPACE = '\u00a0';

/** A measured number for people, with its unit: `1.5 s`, `12 MiB/s`, `3.4 %`, `1,240/s`. `unknown` where it is none. */
export function formatQuantity(value: number, { unit, perSecond }: Quantity): string {
  if (Number.isNaN(value)) return 'unknown';
  if (!Number.isFinite(value)) return value > 0 ? 'infinity' : `${MINUS}infinity`;
  const rate = perSecond ? '/s' : '';
  switch (unit) {
    case 'bytes':
      return `${bytes(value)}${rate}`;
    case 'seconds':
      return perSecond ? `${seconds(value)} per second` : seconds(value);
    case 'ratio':
      return `${formatNumber(value * 100)}${SPACE}%${rate}`;
    case 'percent':
      return `${formatNumber(value)}${SPACE}%${rate}`;
    case 'celsius':
      return `${formatNumber(value)}${SPACE}°C${rate}`;
    case 'cores':
      return `${formatNumber(value)}${SPACE}${roundsToOne(value) ? 'core' : 'cores'}`;
    case 'count':
      return `${formatNumber(value)}${rate}`;
  }
}

/** At most three significant digits, thousands set apart by commas; tiny and huge numbers as powers of ten. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const sign = value < 0 ? MINUS : '';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e12)
    return `${sign}${size.toExponential(1).replace('e+', 'e').replace('e-', `e${MINUS}`)}`;
  if (size >= 999.5) return `${sign}${grouped(Math.round(size))}`;
  return `${sign}${String(Number(size.toPrecision(3)))}`;
}

/** A stretch of time in its greatest fitting unit: `45 seconds`, `12 minutes`, `2.5 hours`, `2 days`. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, milliseconds) / 1000;
  if (total < 119.5) return counted(Math.round(total), 'second');
  if (total < 119.5 * 60) return counted(Math.round(total / 60), 'minute');
  if (total < 47.5 * 3600) return counted(halves(total / 3600), 'hour');
  return counted(halves(total / 86_400), 'day');
}

export function counted(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function halves(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 2) / 2;
}

function bytes(value: number): string {
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= KIB;
    unit += 1;
  }
  return `${formatNumber(Math.sign(value) * size)}${SPACE}${BYTE_UNITS[unit]!}`;
}

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return `0${SPACE}s`;
  if (size < 1e-3) return `${formatNumber(value * 1e6)}${SPACE}µs`;
  if (size < 1) return `${formatNumber(value * 1e3)}${SPACE}ms`;
  if (size < 119.5) return `${formatNumber(value)}${SPACE}s`;
  if (size < 119.5 * 60) return `${formatNumber(value / 60)}${SPACE}min`;
  if (size < 47.5 * 3600) return `${formatNumber(value / 3600)}${SPACE}h`;
  return `${formatNumber(value / 86_400)}${SPACE}days`;
}

function roundsToOne(value: number): boolean {
  return formatNumber(value) === '1';
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
