import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { FaultKind, SimulationDetail, SimulationStatus } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';

type Part = 'service' | 'store' | 'cluster' | 'region' | 'zone' | 'cloud' | 'node' | 'entryPoint';

/** Parts of a target, by what the vocabulary says a kind acts on. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  service: ['service'],
  store: ['store'],
  node: ['node'],
  zone: ['zone'],
  region: ['region'],
  cloud: ['cloud'],
  cluster: ['cluster'],
  link: ['service', 'store', 'cluster', 'region', 'zone'],
  entry: ['entryPoint'],
};
const SHARED: ReadonlySet<string> = new Set([
  'pod-kill',
  'crash-loop',
  'node-drain',
  'node-loss',
  'cpu-stress',
  'memory-leak',
]);

/** Made from the vocabulary of faults: what a kind acts on, and its settings. */
export function FaultForm(props: { simulation: SimulationDetail; status: SimulationStatus; onDone: () => void }) {
  const { simulation, status } = props;
  const vocabulary = useResource('faults', (signal) => get<{ items: FaultKind[] }>('faults', {}, signal));
  const [kind, setKind] = useState('dependency-slow');
  const [error, setError] = useState<Error>();
  const chosen = vocabulary.data?.items.find((item) => item.kind === kind);
  if (!chosen) return <ErrorNote error={vocabulary.error} retry={vocabulary.reload} />;
  const link = chosen.targets.includes('link');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string): string => String(form.get(name) ?? '');
    const settings = chosen.settings.flatMap(({ name }) =>
      given(`setting-${name}`) === '' ? [] : [[name, Number(given(`setting-${name}`))] as const],
    );
    setError(undefined);
    post(`simulations/${simulation.environmentId}/faults`, {
      kind,
      target: {
        ...partOf(given('target')),
        ...(link && { to: partOf(given('to')) }),
        ...(given('share') && { share: Number(given('share')) / 100 }),
      },
      durationSeconds: given('minutes') === '' ? null : Math.round(Number(given('minutes')) * 60),
      settings: Object.fromEntries(settings),
    }).then(props.onDone, (failure: Error) => setError(failure));
  };
  return (
    <form class="stack tight" onSubmit={submit}>
      <label class="field">
        Fault
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          {vocabulary.data?.items.map((item) => (
            <option key={item.kind} value={item.kind}>
              {item.title}
            </option>
          ))}
        </select>
        <small>{chosen.description}</small>
      </label>
      <div class="row form-row">
        <Target name="target" label={link ? 'Between' : 'On'} kind={chosen} status={status} />
        {link && <Target name="to" label="and" kind={chosen} status={status} />}
        {SHARED.has(kind) && (
          <label class="field">
            Share, %
            <input name="share" type="number" min={1} max={100} placeholder="100" />
          </label>
        )}
        <label class="field">
          Minutes
          <input name="minutes" type="number" min={0.1} step="any" placeholder="until cleared" />
        </label>
        {chosen.settings.map((setting) => (
          <label class="field" key={`${kind}-${setting.name}`} title={setting.description}>
            {setting.name}, {setting.unit}
            <input
              name={`setting-${setting.name}`}
              type="number"
              step="any"
              min={setting.min}
              max={setting.max}
              placeholder={String(setting.default)}
            />
          </label>
        ))}
      </div>
      <ErrorNote error={error} />
      <div>
        <button class="primary" type="submit">
          Inject
        </button>
      </div>
    </form>
  );
}

function Target(props: { name: string; label: string; kind: FaultKind; status: SimulationStatus }) {
  const parts = [...new Set(props.kind.targets.flatMap((target) => PARTS[target] ?? []))];
  const choices = parts.flatMap((part) => namesOf(props.status, part).map((name) => ({ part, name })));
  const all = props.kind.targets.includes('entry');
  return (
    <label class="field">
      {props.label}
      <select name={props.name}>
        {all && <option value="">all entry points</option>}
        {choices.map(({ part, name }) => (
          <option key={`${part} ${name}`} value={`${part}=${name}`}>
            {parts.length > 1 ? `${part} ${name}` : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function partOf(choice: string): Record<string, string> {
  const [part, ...name] = choice.split('=');
  return part && name.length > 0 ? { [part]: name.join('=') } : {};
}

function namesOf(status: SimulationStatus, part: Part): readonly string[] {
  switch (part) {
    case 'service':
      return [...new Set(status.services.map(({ name }) => name))];
    case 'store':
      return status.stores.map(({ name }) => name);
    case 'cluster':
      return status.vocabulary.clusters;
    case 'region':
      return status.vocabulary.regions;
    case 'zone':
      return status.vocabulary.zones;
    case 'cloud':
      return status.vocabulary.clouds;
    case 'node':
      return status.vocabulary.nodes;
    case 'entryPoint':
      return status.entryPoints.map(({ name }) => name);
  }
}
