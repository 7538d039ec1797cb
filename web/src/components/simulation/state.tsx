import type { SimulationSummary } from '../../api/types';

const STYLE = { running: 'ok', paused: 'info', failed: 'critical' } as const;

export function SimulationBadge({ simulation }: { simulation: SimulationSummary }) {
  return (
    <span class={`badge ${STYLE[simulation.state]}`} title={simulation.reason ?? undefined}>
      {simulation.state}
    </span>
  );
}

/** While its history is being made. */
export function HistoryBar({ simulation }: { simulation: SimulationSummary }) {
  if (simulation.historyDone >= 1) return null;
  const percent = Math.floor(simulation.historyDone * 100);
  const hours = Math.round(simulation.historySeconds / 3_600);
  return (
    <div class="progress">
      <progress max={100} value={percent} aria-label="History" />
      <span class="muted">
        {percent} % of {hours} h of history; detectors begin after it
      </span>
    </div>
  );
}
