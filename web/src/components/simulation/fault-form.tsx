import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { FaultKind, SimulationDetail, SimulationStatus } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote, Loading } from '../states';
import { groupsOf, settingLabel, takesShare, targetsOf } from './fault-settings';

const FIRST_KIND = 'dependency-slow';

/** Made from the vocabulary of faults: what a kind acts on, and its settings. */
export function FaultForm(props: { simulation: SimulationDetail; status: SimulationStatus; onDone: () => void }) {
  const { simulation, status } = props;
  const vocabulary = useResource('faults', (signal) => get<{ items: FaultKind[] }>('faults', {}, signal));
  const [kind, setKind] = useState(FIRST_KIND);
  const [error, setError] = useState<Error>();
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const kinds = (vocabulary.data?.items ?? []).filter((item) => targetsOf(item, status).length > 0);
  const chosen = kinds.find((item) => item.kind === kind) ?? kinds[0];
  if (!chosen) return vocabulary.error ? <ErrorNote error={vocabulary.error} retry={vocabulary.reload} /> : <Loading />;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setSaid('');
    if (chosen.targets.includes('link') && form.get('target') === form.get('to')) {
      setError(new Error('Choose two different places: the network is between them.'));
      return;
    }
    setError(undefined);
    setBusy(true);
    const body = faultOf(chosen, form);
    post<{ fault: string | null }>(`simulations/${simulation.environmentId}/faults`, body)
      .then(
        ({ fault }) => {
          setSaid(`Asked for ${fault ?? chosen.kind}.`);
          props.onDone();
        },
        (failure: Error) => setError(failure),
      )
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack tight" onSubmit={submit} aria-label="Inject a fault">
      <label class="field">
        Fault
        <select
          aria-label="Fault"
          aria-describedby="fault-description"
          value={chosen.kind}
          onChange={(event) => {
            setKind(event.currentTarget.value);
            setError(undefined);
            setSaid('');
          }}
        >
          {groupsOf(kinds).map(([group, items]) => (
            <optgroup key={group} label={group}>
              {items.map((item) => (
                <option key={item.kind} value={item.kind}>
                  {item.title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <small id="fault-description">{chosen.description}</small>
      </label>
      <FaultFields key={chosen.kind} kind={chosen} status={status} />
      <ErrorNote error={error} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          Inject
        </button>
        <span class="muted" role="status">
          {said}
        </span>
      </div>
    </form>
  );
}

function FaultFields(props: { kind: FaultKind; status: SimulationStatus }) {
  const { kind, status } = props;
  const link = kind.targets.includes('link');
  return (
    <>
      <div class="row form-row">
        <Target name="target" label={link ? 'Between' : 'On'} kind={kind} status={status} first={0} />
        {link && <Target name="to" label="and" kind={kind} status={status} first={1} />}
        {takesShare(kind) && <Amount name="share" label="Of them, %" min={1} max={100} value={100} />}
        <Amount name="minutes" label="Minutes" min={0.1} placeholder="until cleared" />
      </div>
      {kind.settings.length > 0 && (
        <div class="row form-row settings">
          {kind.settings.map((setting) => (
            <label class="field" key={setting.name}>
              {settingLabel(setting)}
              <input
                aria-label={settingLabel(setting)}
                aria-describedby={`setting-${setting.name}`}
                name={`setting-${setting.name}`}
                type="number"
                required
                step="any"
                min={setting.min}
                max={setting.max}
                defaultValue={String(setting.default)}
              />
              <small id={`setting-${setting.name}`}>{setting.description}</small>
            </label>
          ))}
        </div>
      )}
      <details>
        <summary>Slower and weaker</summary>
        <div class="row form-row" style={{ marginTop: '8px' }}>
          <Amount name="ramp" label="Grows for, minutes" min={0} value={0} />
          <Amount name="intensity" label="Intensity, %" min={1} max={100} value={100} />
        </div>
      </details>
    </>
  );
}

function Target(props: { name: string; label: string; kind: FaultKind; status: SimulationStatus; first: number }) {
  const choices = targetsOf(props.kind, props.status);
  const several = new Set(choices.map(({ part }) => part)).size > 1;
  return (
    <label class="field">
      {props.label}
      <select name={props.name}>
        {props.kind.targets.includes('entry') && <option value="">all entry points</option>}
        {choices.map(({ part, name }, index) => (
          <option
            key={`${part} ${name}`}
            value={`${part}=${name}`}
            selected={(props.first > 0 && index === props.first) || undefined}
          >
            {several ? `${part} ${name}` : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Amount(props: {
  name: string;
  label: string;
  min: number;
  max?: number;
  value?: number;
  placeholder?: string;
}) {
  return (
    <label class="field narrow">
      {props.label}
      <input
        name={props.name}
        type="number"
        step="any"
        min={props.min}
        max={props.max}
        placeholder={props.placeholder}
        defaultValue={props.value === undefined ? undefined : String(props.value)}
      />
    </label>
  );
}

function faultOf(kind: FaultKind, form: FormData): unknown {
  const given = (name: string): string => String(form.get(name) ?? '');
  const share = (name: string): number => Number(given(name)) / 100;
  return {
    kind: kind.kind,
    target: {
      ...partOf(given('target')),
      ...(kind.targets.includes('link') && { to: partOf(given('to')) }),
      ...(given('share') && share('share') < 1 && { share: share('share') }),
    },
    durationSeconds: given('minutes') === '' ? null : Math.round(Number(given('minutes')) * 60),
    ...(given('ramp') && { rampSeconds: Math.round(Number(given('ramp')) * 60) }),
    ...(given('intensity') && { intensity: share('intensity') }),
    settings: Object.fromEntries(
      kind.settings.flatMap(({ name }) => {
        const value = given(`setting-${name}`);
        return value === '' ? [] : [[name, Number(value)] as const];
      }),
    ),
  };
}

function partOf(choice: string): Record<string, string> {
  const [part, ...name] = choice.split('=');
  return part && name.length > 0 ? { [part]: name.join('=') } : {};
}
