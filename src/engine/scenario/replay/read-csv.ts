import type { RecordedTime } from './recorded-time.js';
import type { RecordedRow, RecordedRows } from './recording.types.js';

/** What exports write where there is no value. */
const MISSING = /^(|null|nan|none|na|n\/a|-|[+-]?inf(inity)?)$/i;

/**
 * Lines of a time and a value, parted by commas, semicolons or tabs; the first may be a header. Empty lines and lines
 * that start with `#` are skipped.
 */
export function readCsv(text: string, timeOf: (text: string) => RecordedTime | undefined): RecordedRows {
  const rows: RecordedRow[] = [];
  let first = true;
  let line = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    line++;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const cells = cellsOf(content);
    const isHeader = first && timeOf(cells[0]!) === undefined;
    first = false;
    if (cells.length !== 2) return { error: wrongColumns(line, cells) };
    if (isHeader) continue;
    const [text, value] = cells as [string, string];
    const time = timeOf(text);
    if (!time) return { error: `line ${line} has no time: ${shorten(text)}; write seconds, an epoch or ISO 8601` };
    if (MISSING.test(value)) continue;
    const number = Number(value);
    if (!Number.isFinite(number)) return { error: `line ${line} has no number: ${shorten(value)}` };
    rows.push({ time, value: number, where: `line ${line}` });
  }
  return rows;
}

function wrongColumns(line: number, cells: readonly string[]): string {
  const found = `line ${line} has ${cells.length === 1 ? 'one column' : `${cells.length} columns`}`;
  if (cells.length === 1) return `${found}; write time,value`;
  return `${found} (${shorten(cells.join(', '))}); keep the time and one series, or their sum`;
}

/** Tabs and semicolons part before commas, so that `2026-01-05 08:00:00,5;12` has a time with a fraction. */
function cellsOf(content: string): string[] {
  const separator = ['\t', ';', ','].find((each) => content.includes(each)) ?? ',';
  return content.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
