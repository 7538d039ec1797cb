import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { SimulationDetail, SimulationStatus } from '../../api/types';
import { ErrorNote } from '../states';

const KINDS = [
  ['deploy', 'Deploy a version'],
  ['rollback', 'Roll back'],
  ['promote', 'Promote the new version'],
  ['abort', 'Abort the rollout'],
  ['scale', 'Scale'],
  ['restart', 'Restart'],
  ['load', 'Change the load'],
  ['traffic', 'Shift traffic between clusters'],
  ['failover', 'Fail a database over'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** What people and pipelines do to a fleet. */
export function ChangeForm(props: { simulation: SimulationDetail; status: SimulationStatus; onDone: () => void }) {
  const { simulation, status } = props;
  const [kind, setKind] = useState<Kind>('deploy');
  const [error, setError] = useState<Error>();
  const [said, setSaid] = useState('');
  const databases = status.stores.filter((store) => store.kind === 'database');
  const kinds = KINDS.filter(
    ([name]) =>
      (name !== 'failover' || databases.length > 0) && (name !== 'traffic' || status.vocabulary.clusters.length > 1),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setError(undefined);
    setSaid('');
    const form = new FormData(event.currentTarget as HTMLFormElement);
    post(`simulations/${simulation.environmentId}/changes`, changeOf(kind, form, status)).then(
      () => {
        setSaid('Asked for.');
        props.onDone();
      },
      (failure: Error) => setError(failure),
    );
  };
  return (
    <form class="stack tight" onSubmit={submit} aria-label="Change the fleet">
      <label class="field">
        What
        <select
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value as Kind);
            setError(undefined);
            setSaid('');
          }}
        >
          {kinds.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <div class="row form-row">
        <Fields kind={kind} status={status} databases={databases.map(({ name }) => name)} />
      </div>
      <ErrorNote error={error} />
      <div class="row">
        <button class="primary" type="submit">
          Do it
        </button>
        <span class="muted" role="status">
          {said}
        </span>
      </div>
    </form>
  );
}

function Fields(props: { kind: Kind; status: SimulationStatus; databases: readonly string[] }) {
  const { kind, status } = props;
  const services = [...new Set(status.services.map(({ name }) => name))];
  switch (kind) {
    case 'load':
      return (
        <>
          <Choice
            name="entryPoint"
            label="Of"
            all="all entry points"
            values={status.entryPoints.map(({ name }) => name)}
          />
          <Amount name="factor" label="Of the plan, ×" min={0} value={2} />
        </>
      );
    case 'traffic':
      return (
        <>
          {status.vocabulary.clusters.map((cluster) => (
            <Amount key={cluster} name={`weight-${cluster}`} label={cluster} min={0} value={1} />
          ))}
        </>
      );
    case 'failover':
      return <Choice name="store" label="Database" values={props.databases} />;
    case 'scale':
      return <Scale services={services} status={status} />;
    case 'deploy':
      return (
        <>
          <Choice name="service" label="Service" values={services} />
          <label class="field">
            Version
            <input name="version" required maxLength={100} placeholder="v2" />
          </label>
          <Amount name="errorRatio" label="Its errors, %" min={0} value={0} />
          <Amount name="latencyFactor" label="Its latency, ×" min={0.01} value={1} />
          <label class="field" title="Its pods never become ready">
            Ready
            <select name="ready">
              <option value="yes">yes</option>
              <option value="no">never</option>
            </select>
          </label>
        </>
      );
    default:
      return <Choice name="service" label="Service" values={services} />;
  }
}

/** Begins with as many as there should be now. */
function Scale(props: { services: readonly string[]; status: SimulationStatus }) {
  const [service, setService] = useState(props.services[0]);
  const [now] = useState(() => new Map(props.status.services.map(({ name, desired }) => [name, desired])));
  return (
    <>
      <Choice name="service" label="Service" values={props.services} onChange={setService} />
      <Amount
        key={service}
        name="replicas"
        label="Replicas"
        min={0}
        step={1}
        value={(service === undefined ? undefined : now.get(service)) ?? 1}
      />
    </>
  );
}

function Choice(props: {
  name: string;
  label: string;
  values: readonly string[];
  all?: string;
  onChange?: (value: string) => void;
}) {
  return (
    <label class="field">
      {props.label}
      <select name={props.name} onChange={(event) => props.onChange?.(event.currentTarget.value)}>
        {props.all && <option value="">{props.all}</option>}
        {props.values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  );
}

function Amount(props: { name: string; label: string; min: number; value: number; step?: number }) {
  return (
    <label class="field narrow">
      {props.label}
      <input
        name={props.name}
        type="number"
        required
        min={props.min}
        step={props.step ?? 'any'}
        defaultValue={String(props.value)}
      />
    </label>
  );
}

function changeOf(kind: Kind, form: FormData, status: SimulationStatus): unknown {
  const text = (name: string): string => String(form.get(name) ?? '');
  const service = text('service');
  switch (kind) {
    case 'deploy':
      return {
        kind,
        service,
        version: text('version'),
        effects: {
          errorRatio: Number(text('errorRatio')) / 100,
          latencyFactor: Number(text('latencyFactor')),
          neverReady: text('ready') === 'no',
        },
      };
    case 'scale':
      return { kind, service, replicas: Number(text('replicas')) };
    case 'load':
      return { kind, entryPoint: text('entryPoint') || null, factor: Number(text('factor')) };
    case 'traffic':
      return {
        kind,
        weights: Object.fromEntries(
          status.vocabulary.clusters.map((cluster) => [cluster, Number(text(`weight-${cluster}`))]),
        ),
      };
    case 'failover':
      return { kind, store: text('store') };
    default:
      return { kind, service };
  }
}
