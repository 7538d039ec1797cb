import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { ScoreCard } from '../../api/types';
import { useEventTime } from '../../lib/event-time';
import { ErrorNote } from '../states';
import { ScoredChoices } from './score-card-choices';
import { readConfigurations, readStretches } from './score-card-form';

const DAY_MS = 86_400_000;
const SOURCES = [
  ['incidents', 'incidents that somebody acknowledged or resolved'],
  ['feedback', 'stretches called missed'],
  ['simulation', 'faults that were injected'],
] as const;

/** A new score card: over which days, held against what, for which settings, detectors and alert rules. */
export function StartScoreCard(props: { id: string; onStarted: (card: ScoreCard) => void; onClose: () => void }) {
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const until = useEventTime(props.id);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const all = (name: string): string[] => form.getAll(name).map(String);
    const days = Number(form.get('days'));
    const start = async (): Promise<ScoreCard> => {
      const labels = readStretches(String(form.get('labels')));
      const configurations = await readConfigurations(form);
      if (configurations.length === 0)
        throw new Error('Choose something to score: settings, a detector, or alert rules.');
      return post<ScoreCard>(`environments/${props.id}/score-cards`, {
        title: String(form.get('title')),
        match: String(form.get('match')),
        from: new Date((until ?? Date.now()) - days * DAY_MS).toISOString(),
        sources: all('source'),
        labels,
        configurations,
      });
    };
    setBusy(true);
    setFailure(undefined);
    start()
      .then(props.onStarted, (error: Error) => setFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card stack tight" onSubmit={submit} style={{ marginBottom: '16px' }} aria-label="New score card">
      <div class="row form-row">
        <label class="field">
          Title
          <input name="title" required maxLength={200} defaultValue="Score card" />
        </label>
        <label class="field">
          Days
          <input name="days" type="number" min={0.04} max={31} step="any" required defaultValue={7} />
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
            <input type="checkbox" name="source" value={value} defaultChecked />
            {text}
          </label>
        ))}
        <label class="field">
          Further stretches
          <textarea
            name="labels"
            class="mono"
            rows={2}
            placeholder="2026-11-03 14:05, 2026-11-03 14:20, outage, web cart"
            aria-describedby="stretches-help"
          />
          <small id="stretches-help">
            One a line: from, to, what it was, services on which it can show. Times without a zone are UTC.
          </small>
        </label>
      </fieldset>
      <ScoredChoices id={props.id} />
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
