import type { SimulationRun } from '../../api/types';

const STYLE = { queued: '', running: 'info', finished: 'ok', failed: 'critical', cancelled: 'warning' } as const;

/** What became of it: the verdict of its expectations once it is over. */
export function RunBadge({ run }: { run: SimulationRun }) {
  if (run.state !== 'finished') {
    return (
      <span class={`badge ${STYLE[run.state]}`} title={run.reason ?? undefined}>
        {run.state}
      </span>
    );
  }
  return <VerdictBadge verdict={run.passed === null ? 'unknown' : run.passed ? 'pass' : 'fail'} />;
}

const VERDICTS = { pass: ['ok', 'passed'], fail: ['critical', 'failed'], unknown: ['', 'unknown'] } as const;

export function VerdictBadge({ verdict }: { verdict: keyof typeof VERDICTS }) {
  const [style, text] = VERDICTS[verdict];
  return <span class={`badge ${style}`}>{text}</span>;
}

export const isOver = ({ state }: SimulationRun): boolean => state !== 'queued' && state !== 'running';

export function RunProgress({ run }: { run: SimulationRun }) {
  if (isOver(run)) return null;
  return (
    <div class="progress">
      <progress max={100} value={run.percent} aria-label={`Progress of ${run.title}`} />
      <span class="muted">{run.state === 'queued' ? 'waits for a worker' : `${run.percent} %`}</span>
    </div>
  );
}
