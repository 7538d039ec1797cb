import { visibleLength } from './style.js';

/** Columns as wide as their longest cell, two spaces apart; the last one is not padded. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => visibleLength(row[column] ?? ''))),
  );
  const pad = (cell: string, column: number, row: readonly string[]): string =>
    column === row.length - 1 ? cell : cell + ' '.repeat(widths[column]! - visibleLength(cell));
  return rows.map((row) => `${indent}${row.map(pad).join('  ')}`.trimEnd() + '\n').join('');
}

/**
 * A table where it fits into `columns`, or its last column can be wrapped to fit; else each row as a paragraph, with what
 * follows its first cell underneath.
 */
export function grid(rows: readonly (readonly string[])[], columns: number, indent = ''): string {
  const plain = table(rows, indent);
  if (widest(plain) <= columns) return plain;
  const last = Math.max(...rows.map((row) => row.length)) - 1;
  const starts = withLast(rows, last, () => 'x');
  const start = widest(table(starts, indent)) - 1;
  if (columns - start < LEAST_COLUMN) return rows.map((row) => paragraph(row, columns, indent)).join('');
  const parts = rows.map((row) =>
    wrap(row[last] ?? '', columns - start)
      .trimEnd()
      .split('\n'),
  );
  const heads = table(
    withLast(rows, last, (_, i) => parts[i]![0]!),
    indent,
  ).split('\n');
  const below = (i: number): string =>
    parts[i]!.slice(1)
      .map((text) => `${' '.repeat(start)}${text}\n`)
      .join('');
  return rows.map((_, i) => `${heads[i]!}\n${below(i)}`).join('');
}

function withLast(
  rows: readonly (readonly string[])[],
  last: number,
  cell: (row: readonly string[], i: number) => string,
): readonly (readonly string[])[] {
  return rows.map((row, i) => (row.length > last ? [...row.slice(0, last), cell(row, i)] : row));
}

function paragraph([first = '', ...rest]: readonly string[], columns: number, indent: string): string {
  const more = rest.filter((cell) => cell !== '').join(', ');
  return wrap(first, columns, indent, `${indent}  `) + wrap(more, columns, `${indent}    `);
}

/** A column narrower than this is no pleasure to read. */
const LEAST_COLUMN = 24;

function widest(text: string): number {
  return Math.max(...text.split('\n').map(visibleLength));
}

/** Lines of at most `width` characters, broken between words; all but the first begin with `hang`. */
export function wrap(text: string, width: number, indent = '', hang = indent): string {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const length = visibleLength(word);
    if (line !== '' && (lines.length === 0 ? indent : hang).length + used + 1 + length > width) {
      lines.push(line);
      line = '';
    }
    used = line === '' ? length : used + 1 + length;
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((each, i) => `${i === 0 ? indent : hang}${each}\n`).join('');
}

/** `45 s`, `12 min 30 s`, `2 h`, `1 d 6 h`: the two largest units. */
export function spell(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Three significant digits with thousands separated: `4,320`, `0.0123`. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}

/** Of a share; one in a hundred million and less is shown as none. */
export function percent(ratio: number): string {
  return `${Math.abs(ratio) < 1e-8 ? 0 : short(ratio * 100)} %`;
}

/** Seconds of a latency: `12 ms`, `1.2 s`. */
export function latency(seconds: number): string {
  return seconds < 1 ? `${short(seconds * 1000)} ms` : `${short(seconds)} s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

export function gibibytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${short(bytes / 1024 ** 3)} GiB` : `${short(bytes / 1024 ** 2)} MiB`;
}

/** Of files, as `ls -h` and disks count them: `312 kB`, `5.32 GB`. */
export function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]!}`;
}
