import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { SimulationRun } from '../../api/types';
import { bodyOf, FIRST_CHOICE, isShownWithText } from '../simulation/scenario-choice';
import { ScenarioSource } from '../simulation/scenario-source';
import { ErrorNote } from '../states';

export function StartRun(props: { onStarted: (run: SimulationRun) => void; onClose: () => void }) {
  const [choice, setChoice] = useState({ ...FIRST_CHOICE, name: 'calm-day' });
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const start = async (form: FormData): Promise<void> => {
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const run = await post<SimulationRun>('simulation-runs', {
      ...bodyOf(choice),
      solver: text('solver'),
      ...(text('hours') && { hours: Number(text('hours')) }),
      ...(text('seed') && { seed: Number(text('seed')) }),
    });
    props.onStarted(run);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    start(new FormData(event.currentTarget as HTMLFormElement))
      .catch((failure: Error) => setError(failure))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card stack" onSubmit={submit} style={{ marginBottom: '16px' }} aria-label="New run">
      <ScenarioSource value={choice} onChange={setChoice} />
      <div class="row form-row">
        <label class="field">
          Hours
          <input name="hours" type="number" min={0.01} step="any" placeholder="as written" />
        </label>
        <label class="field">
          Seed
          <input name="seed" type="number" min={0} max={4294967295} placeholder="as written" />
        </label>
        <label class="field">
          Solver
          <select name="solver">
            <option value="fluid">fluid: fast</option>
            <option value="discrete-event">discrete-event: every request</option>
          </select>
        </label>
      </div>
      <ErrorNote error={isShownWithText(choice, error) ? undefined : error} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          Run
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
