interface Study {
  readonly title: string;
  readonly state: 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';
  readonly percent: number;
  readonly reason: string | null;
}

export const isStudyOver = ({ state }: Study): boolean => state !== 'queued' && state !== 'running';

const STYLE = { queued: '', running: 'info', finished: 'ok', failed: 'critical', cancelled: 'warning' } as const;

export function StudyBadge({ study }: { study: Study }) {
  return (
    <span class={`badge ${STYLE[study.state]}`} title={study.reason ?? undefined}>
      {study.state}
    </span>
  );
}

/** How far a computation over history is, or why it failed; nothing once it is finished. */
export function StudyProgress(props: { study: Study; cancel?: () => void }) {
  const { study } = props;
  if (study.state === 'failed') {
    return (
      <p class="note" role="status">
        {study.reason}
      </p>
    );
  }
  if (isStudyOver(study)) return null;
  return (
    <div class="progress" role="status">
      <progress max={100} value={study.percent} aria-label={`Progress of ${study.title}`} />
      <span class="muted">{study.state === 'queued' ? 'waits for a worker' : `${study.percent} % of history`}</span>
      {props.cancel && (
        <button class="quiet" onClick={props.cancel}>
          Cancel
        </button>
      )}
    </div>
  );
}
