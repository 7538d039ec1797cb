import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { Page, ScoreCard, SettingsVersion } from '../../api/types';
import { useEventTime } from '../../lib/event-time';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';

const DAY_MS = 86_400_000;
const SOURCES = [
  ['incidents', 'incidents that somebody acknowledged or resolved'],
  ['feedback', 'stretches called missed'],
  ['simulation', 'faults that were injected'],
] as const;

/** A new score card: over which days, held against what, for which versions of the settings. */
export function StartScoreCard(props: { id: string; onStarted: (card: ScoreCard) => void; onClose: () => void }) {
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const until = useEventTime(props.id);
  const versions = useResource(`settings-versions-${props.id}`, (signal) =>
    get<Page<SettingsVersion>>(`environments/${props.id}/detection/settings/versions`, { limit: 20 }, signal),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const all = (name: string): string[] => form.getAll(name).map(String);
    const days = Number(form.get('days'));
    const configurations = all('configuration').map((name) =>
      name === 'current' ? { name } : { name: `version ${name}`, version: Number(name) },
    );
    setBusy(true);
    setFailure(undefined);
    post<ScoreCard>(`environments/${props.id}/score-cards`, {
      title: String(form.get('title')),
      match: String(form.get('match')),
      from: new Date((until ?? Date.now()) - days * DAY_MS).toISOString(),
      sources: all('source'),
      configurations,
    })
      .then(props.onStarted, (error: Error) => setFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card stack tight" onSubmit={submit} style={{ marginBottom: '16px' }} aria-label="New score card">
      <div class="row form-row">
        <label class="field">
          Title
          <input name="title" required maxLength={200} value="Score card" />
        </label>
        <label class="field">
          Days
          <input name="days" type="number" min={0.04} max={31} step="any" required value={7} />
        </label>
        <label class="field" style={{ flexGrow: 2 }}>
          Series
          <input name="match" class="mono" placeholder={'{job="shop"}; empty: all'} />
        </label>
      </div>
      <fieldset class="plain-set">
        <legend class="muted">What is known to have been wrong</legend>
        {SOURCES.map(([value, text]) => (
          <label key={value} class="check">
            <input type="checkbox" name="source" value={value} checked />
            {text}
          </label>
        ))}
      </fieldset>
      <fieldset class="plain-set">
        <legend class="muted">Settings to compare</legend>
        <label class="check">
          <input type="checkbox" name="configuration" value="current" checked />
          what holds now
        </label>
        {[{ version: 0, comment: 'no settings' }, ...(versions.data?.items ?? [])].slice(0, 6).map((item) => (
          <label key={item.version} class="check">
            <input type="checkbox" name="configuration" value={item.version} />
            version {item.version}: {item.comment}
          </label>
        ))}
      </fieldset>
      <ErrorNote error={failure} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          Score
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
