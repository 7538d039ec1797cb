import type { RunReport, ServiceReport } from '../../../engine/simulation/report/report.types.js';
import type { Terminal } from '../terminal/terminal.js';
import { grid, plural, short } from '../terminal/words.js';

/** More services than these stand in report.json. */
const SHOWN = 8;

/** Services whose pods came, went or died; those that moved most, in the order of the scenario. */
export function podLines({ services }: RunReport, { style, columns }: Terminal): string {
  const moved = services.filter((service) => unrest(service) > 0);
  if (moved.length === 0) return '';
  const most = [...moved].sort((a, b) => unrest(b) - unrest(a)).slice(0, SHOWN);
  const rows = moved.filter((service) => most.includes(service)).map(row);
  const hidden = moved.length - rows.length;
  const more = hidden > 0 ? `  and ${plural(hidden, 'more service')} in the report (--json, --out)\n` : '';
  return `${style.bold('Pods')}\n${grid(rows, columns, '  ')}${more}`;
}

function unrest({ min, max, changes, restarts, maxUnschedulablePods }: ServiceReport): number {
  return max - min + changes + restarts + maxUnschedulablePods;
}

function row({ name, min, max, mean, changes, restarts, oomKills, ...service }: ServiceReport): readonly string[] {
  const facts = [
    ...(changes > 0 ? [plural(changes, 'decision')] : []),
    ...(restarts > 0 ? [`${plural(restarts, 'restart')}${oomKills > 0 ? ` (${oomKills} out of memory)` : ''}`] : []),
    ...(service.maxUnschedulablePods > 0 ? [`up to ${service.maxUnschedulablePods} pending`] : []),
  ];
  const ready = min === max ? `${plural(max, 'pod')} ready` : `${min} to ${plural(max, 'pod')} ready`;
  return [name, ready, `${short(mean ?? 0)} on average`, facts.join(', ')];
}
