import type { TimeZone } from './preferences';

/** 12345.678 → "12.3k"; keeps three significant digits, which is what a chart's axis and an on-call eye need. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  if (size < 1_000) return trim(value.toPrecision(3));
  const units: readonly (readonly [number, string])[] = [
    [1e15, 'P'],
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  const [scale, unit] = units.find(([limit]) => size >= limit) ?? [1, ''];
  return `${trim((value / scale).toPrecision(3))}${unit}`;
}

function trim(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** 0.0123 → "1.23 %", 12 → "12×"; less than one in ten million counts as none. */
export function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value >= 10) return `${formatNumber(value)}×`;
  if (value > 1e-7 && value < 1e-5) return '< 0.001 %';
  return `${formatNumber(Math.abs(value) <= 1e-7 ? 0 : value * 100)} %`;
}

/** 0.9995 → "99.95 %": an objective is never rounded. */
export function formatObjective(objective: number): string {
  return `${Number((objective * 100).toFixed(6))} %`;
}

/** A number of things: models count in fractions, people do not. */
export function formatCount(value: number | null | undefined): string {
  return formatNumber(value === null || value === undefined ? value : Math.round(value));
}

/** 0.0123 → "12.3 ms". */
export function formatSeconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value < 1 ? `${formatNumber(value * 1_000)} ms` : `${formatNumber(value)} s`;
}

/** Byte and ratio units by the metric's name, as Prometheus naming has them. */
export function unitOf(metric: string, perSecond: boolean): string {
  const base = metric.includes('_bytes') ? 'B' : metric.includes('_seconds') ? 's' : '';
  return perSecond ? (base === 's' ? 's/s' : `${base}/s`) : base;
}

export function formatTime(value: string | number | Date, zone: TimeZone, withDate = false): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zone === 'utc' ? 'UTC' : undefined,
    ...(withDate ? { year: 'numeric', month: 'short', day: '2-digit' } : {}),
  };
  return new Intl.DateTimeFormat(undefined, options).format(new Date(value));
}

export function formatAge(from: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - new Date(from).getTime()) / 1000));
  return `${formatDuration(seconds)} ago`;
}

export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) {
    const minutes = Math.floor((seconds % 3_600) / 60);
    return `${Math.floor(seconds / 3_600)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
  }
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `name{a="b"}`; labels in name order, the metric name apart. */
export function seriesParts(labels: Readonly<Record<string, string>>): { name: string; rest: [string, string][] } {
  const rest = Object.entries(labels)
    .filter(([key]) => key !== '__name__')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { name: labels['__name__'] ?? '(unnamed)', rest };
}
