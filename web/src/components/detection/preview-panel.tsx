import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { DetectionSettings, SettingsPreview } from '../../api/types';
import { useEventTime } from '../../lib/event-time';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { EffectView } from './effect-view';
import { isStudyOver, StudyProgress } from './study-progress';

const POLL_MS = 700;
const DAY_MS = 86_400_000;

/** What the draft would have done over the last days. */
export function PreviewPanel(props: { id: string; draft: DetectionSettings }) {
  const base = `environments/${props.id}/detection/settings/preview`;
  const [started, setStarted] = useState<SettingsPreview>();
  const [shown, setShown] = useState('');
  const [days, setDays] = useState(7);
  const [failure, setFailure] = useState<Error>();
  const until = useEventTime(props.id);
  const study = useResource(
    `preview-${started?.id}`,
    async (signal) => (started ? get<SettingsPreview>(`${base}/${started.id}`, {}, signal) : undefined),
    POLL_MS,
  );
  const current = study.data ?? started;
  const start = (): void => {
    setFailure(undefined);
    setShown(JSON.stringify(props.draft));
    const from = days === 7 ? undefined : new Date((until ?? Date.now()) - days * DAY_MS).toISOString();
    post<SettingsPreview>(base, { settings: props.draft, ...(from && { from }) }).then(setStarted, (error: Error) =>
      setFailure(error),
    );
  };
  const cancel = (): void => {
    if (started) post(`${base}/${started.id}/cancel`).then(study.reload, (error: Error) => setFailure(error));
  };
  const running = current !== undefined && !isStudyOver(current);
  return (
    <div>
      <div class="row">
        <button type="button" disabled={running} onClick={start}>
          Preview on history
        </button>
        <label class="check">
          last
          <select value={String(days)} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {[1, 3, 7, 14].map((count) => (
              <option key={count} value={count}>
                {count} {count === 1 ? 'day' : 'days'}
              </option>
            ))}
          </select>
        </label>
        {current && shown !== JSON.stringify(props.draft) && <span class="muted">of an earlier draft</span>}
      </div>
      <ErrorNote error={failure ?? study.error} />
      {current && <StudyProgress study={current} cancel={cancel} />}
      {current?.result && (
        <div role="status">
          {current.result.affected === 0 ? (
            <p class="sub">No series would be scored differently.</p>
          ) : (
            <EffectView environmentId={props.id} effect={current.result} />
          )}
        </div>
      )}
    </div>
  );
}
