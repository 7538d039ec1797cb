import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { ScenarioSummary, SimulationDetail } from '../../api/types';
import { formatDuration } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { navigate } from '../../lib/router';
import { ErrorNote, Loading } from '../states';

const OWN = '';

export function CreateSimulation(props: { onClose: () => void }) {
  const library = useResource('scenarios', (signal) => get<{ items: ScenarioSummary[] }>('scenarios', {}, signal));
  const [chosen, setChosen] = useState('demo');
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    setBusy(true);
    setError(undefined);
    post<SimulationDetail>('simulations', {
      ...(chosen === OWN ? { text: String(form.get('text')) } : { scenario: chosen }),
      ...(text('name') && { name: text('name') }),
      ...(text('seed') && { seed: Number(text('seed')) }),
      speed: Number(text('speed')),
      historyHours: Number(text('history')),
    }).then(
      ({ environmentId }) => navigate(`simulations/${environmentId}`),
      (failure: Error) => {
        setBusy(false);
        setError(failure);
      },
    );
  };
  if (!library.data) return library.error ? <ErrorNote error={library.error} retry={library.reload} /> : <Loading />;
  const scenario = library.data.items.find(({ name }) => name === chosen);
  return (
    <form class="card stack" onSubmit={submit} style={{ marginBottom: '16px' }}>
      <div class="row form-row">
        <label class="field" style={{ flex: '1 1 220px' }}>
          Scenario
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {library.data.items.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
            <option value={OWN}>my own YAML</option>
          </select>
        </label>
        <label class="field" style={{ flex: '1 1 160px' }}>
          Name
          <input name="name" maxLength={100} placeholder={scenario?.title ?? 'as in the scenario'} />
        </label>
        <label class="field">
          Speed
          <select name="speed">
            {[1, 2, 5, 10, 30, 60, 300, 600].map((speed) => (
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
        <label class="field" style={{ width: '110px' }}>
          Seed
          <input name="seed" type="number" min={0} max={4294967295} placeholder="as written" />
        </label>
      </div>
      {scenario ? (
        <div>
          <p class="teaches">{scenario.teaches}</p>
          <p class="sub">
            {scenario.services} services, {scenario.stores} stores, {scenario.pods} pods in {scenario.clusters}{' '}
            {scenario.clusters === 1 ? 'cluster' : 'clusters'}; {scenario.faults + scenario.changes} things planned in{' '}
            {formatDuration(scenario.durationSeconds)}
          </p>
        </div>
      ) : (
        <label class="field">
          Scenario as YAML
          <textarea name="text" required rows={16} spellcheck={false} placeholder={'dsim: 1\nname: mine\n…'} />
        </label>
      )}
      <ErrorNote error={error} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          Start
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
