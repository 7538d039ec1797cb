import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { SimulationDetail } from '../../api/types';
import { navigate } from '../../lib/router';
import { ErrorNote } from '../states';
import { bodyOf, FIRST_CHOICE, isShownWithText } from './scenario-choice';
import { ScenarioSource } from './scenario-source';

const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

export function CreateSimulation(props: { onClose: () => void }) {
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const start = async (form: FormData): Promise<void> => {
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const { environmentId } = await post<SimulationDetail>('simulations', {
      ...bodyOf(choice),
      ...(text('name') && { name: text('name') }),
      ...(text('seed') && { seed: Number(text('seed')) }),
      speed: Number(text('speed')),
      historyHours: Number(text('history')),
      paused: form.has('paused'),
    });
    navigate(`simulations/${environmentId}`);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    start(new FormData(event.currentTarget as HTMLFormElement)).catch((failure: Error) => {
      setBusy(false);
      setError(failure);
    });
  };
  return (
    <form class="card stack" onSubmit={submit} style={{ marginBottom: '16px' }} aria-label="New simulation">
      <ScenarioSource value={choice} onChange={setChoice} />
      <div class="row form-row">
        <label class="field" style={{ flex: '2 1 200px' }}>
          Name
          <input name="name" maxLength={100} placeholder="as in the scenario" />
        </label>
        <label class="field">
          Speed
          <select name="speed">
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed === 1 ? 'real time' : `${speed}×`}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          History
          <select name="history">
            <option value="0">none</option>
            <option value="2">2 hours</option>
            <option value="24">1 day</option>
            <option value="48">2 days</option>
          </select>
        </label>
        <label class="field">
          Seed
          <input name="seed" type="number" min={0} max={4294967295} placeholder="as written" />
        </label>
        <label class="check">
          <input name="paused" type="checkbox" /> Paused at first
        </label>
      </div>
      <ErrorNote error={isShownWithText(choice, error) ? undefined : error} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          {busy ? 'Starting…' : 'Start'}
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
