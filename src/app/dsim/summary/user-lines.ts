import type { EntryPointReport, RunReport } from '../../../engine/simulation/report/report.types.js';
import type { Terminal } from '../terminal/terminal.js';
import { grid, latency, percent, short } from '../terminal/words.js';

/** More entry points than these stand in report.json. */
const SHOWN = 10;

/** What users got, by entry point. */
export function userLines({ entryPoints }: RunReport, { style, columns }: Terminal): string {
  const worst = [...entryPoints].sort((a, b) => (b.errorRatio ?? 0) - (a.errorRatio ?? 0)).slice(0, SHOWN);
  const rows = entryPoints.filter((entry) => worst.includes(entry)).map((entry) => row(entry));
  const hidden = entryPoints.length - rows.length;
  const more = hidden > 0 ? `  and ${hidden} more entry points that failed less, in the report (--json, --out)\n` : '';
  return `${style.bold('Users')}\n${grid(rows, columns, '  ')}${more}`;
}

/** Seconds of load that may be under way at the end without a word. */
const USUALLY_OPEN = 10;

function row({
  name,
  offered,
  errorRatio,
  meanRate,
  latency: { mean, p99 },
  waiting,
}: EntryPointReport): readonly string[] {
  const speed = mean === null || p99 === null ? 'no answer' : `${latency(mean)} on average, p99 ${latency(p99)}`;
  const open = waiting > Math.max(1, (meanRate ?? 0) * USUALLY_OPEN) ? `, ${short(waiting)} not answered yet` : '';
  return [name, `${short(offered)} requests`, `${percent(errorRatio ?? 0)} failed`, `${speed}${open}`];
}
