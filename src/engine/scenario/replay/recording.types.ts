import type { RecordedTime } from './recorded-time.js';

/** A recorded series: seconds, ascending, and values, as many; or why the text is none. */
export type Recording =
  { readonly times: readonly number[]; readonly values: readonly number[] } | { readonly error: string };

/** A value that is finite; `where` names it in messages. */
export interface RecordedRow {
  readonly time: RecordedTime;
  readonly value: number;
  readonly where: string;
}

export type RecordedRows = readonly RecordedRow[] | { readonly error: string };
