import { useState } from 'preact/hooks';
import { get, remove } from '../api/client';
import type { Principal, SimulationDetail, SimulationStatus } from '../api/types';
import { Prose } from '../components/prose';
import { Segmented } from '../components/segmented';
import { ChangeForm } from '../components/simulation/change-form';
import { Controls } from '../components/simulation/controls';
import { FaultForm } from '../components/simulation/fault-form';
import { FaultList } from '../components/simulation/fault-list';
import { FleetTable, SloTable, StoreTable, UserTable } from '../components/simulation/fleet-table';
import { GroundTruthCard } from '../components/simulation/ground-truth';
import { InterventionLog } from '../components/simulation/intervention-log';
import { OpenIncidents } from '../components/simulation/open-incidents';
import { ScrapeCard } from '../components/simulation/scrape-card';
import { HistoryBar, SimulationBadge } from '../components/simulation/state';
import { UserCharts } from '../components/simulation/user-charts';
import { ErrorNote, Loading } from '../components/states';
import { Time } from '../components/time';
import { formatDuration, formatNumber } from '../lib/format';
import { useResource } from '../lib/resource';
import { navigate } from '../lib/router';
import { may } from '../lib/session';

const REFRESH_MS = 1_000;
const FORMS = [
  ['fault', 'Inject a fault'],
  ['change', 'Change the fleet'],
] as const;

export function SimulationPage(props: { id: string; principal: Principal }) {
  const { id } = props;
  const [form, setForm] = useState<(typeof FORMS)[number][0]>('fault');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const simulation = useResource(
    `simulation-${id}`,
    (signal) => get<SimulationDetail>(`simulations/${id}`, {}, signal),
    REFRESH_MS,
  );
  const act = (work: () => Promise<unknown>): void => {
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((error: Error) => setFailure(error))
      .finally(() => {
        setBusy(false);
        simulation.reload();
      });
  };
  const { data } = simulation;
  if (!data) {
    if (!simulation.error) return <Loading />;
    return (
      <>
        <ErrorNote error={simulation.error} retry={simulation.reload} />
        <a href="#/simulations">All simulations</a>
      </>
    );
  }
  const { status } = data;
  const allowed = may(props.principal, 'simulation:control');
  return (
    <>
      <div class="head">
        <div class="grow">
          <div class="row">
            <h1>{data.name}</h1>
            <SimulationBadge simulation={data} />
          </div>
          <p class="sub">
            <b class="sim-clock">
              <Time at={data.eventTime} date />
            </b>{' '}
            · {data.title} · seed {data.seed} · {data.solver}
            {data.behindSeconds > 5 && data.historyDone === 1 && ` · ${formatDuration(data.behindSeconds)} behind`}
          </p>
        </div>
        <a class="button" href={`#/environments/${id}`}>
          Series and anomalies
        </a>
        {allowed && <Controls simulation={data} act={act} busy={busy} />}
      </div>
      <HistoryBar simulation={data} />
      {data.reason && <div class={`note ${data.state === 'failed' ? 'bad' : ''}`}>{data.reason}</div>}
      <ErrorNote error={failure ?? simulation.error} />
      {status ? (
        <div class="stack">
          <UserCharts simulation={data} entryPoints={status.entryPoints.map(({ name }) => name)} />
          <div class="columns">
            <div class="stack">
              <section class="card">
                <h2>Services</h2>
                <FleetTable status={status} />
              </section>
              <section class="card">
                <h2>Stores</h2>
                <StoreTable status={status} />
              </section>
              <section class="card">
                <h2>Users</h2>
                <UserTable status={status} />
                <SloTable status={status} />
                <Bill status={status} />
              </section>
              <ScrapeCard simulation={data} />
            </div>
            <div class="stack">
              <section class="card stack tight">
                <h2>Faults</h2>
                <FaultList simulation={data} may={allowed} act={act} />
              </section>
              {allowed && (
                <section class="card stack tight">
                  <div>
                    <Segmented label="What to do" value={form} options={FORMS} onChange={setForm} />
                  </div>
                  {form === 'fault' ? (
                    <FaultForm simulation={data} status={status} onDone={simulation.reload} />
                  ) : (
                    <ChangeForm simulation={data} status={status} onDone={simulation.reload} />
                  )}
                </section>
              )}
              <OpenIncidents environmentId={id} />
              <InterventionLog simulation={data} />
              <GroundTruthCard environmentId={id} />
              <About simulation={data} />
              {allowed && <DeleteButton simulation={data} onError={setFailure} />}
            </div>
          </div>
        </div>
      ) : (
        <p class="muted" role="status">
          Its first seconds are being simulated…
        </p>
      )}
    </>
  );
}

function Bill({ status: { account } }: { status: SimulationStatus }) {
  return (
    <p class="sub">
      {account.nodes} nodes, {account.pods} pods, ${formatNumber(account.costPerHour)} an hour, $
      {formatNumber(account.cost)} so far
      {account.unschedulablePods > 0 && `, ${account.unschedulablePods} pods without a node`}
      {account.oomKills > 0 && `, ${account.oomKills} OOM kills`}
    </p>
  );
}

function About({ simulation }: { simulation: SimulationDetail }) {
  return (
    <section class="card">
      <h2>{simulation.title}</h2>
      <Prose class="sub" text={simulation.teaches} />
      <p class="sub">
        {simulation.library ? `From the library: ${simulation.library}` : 'From a text of its own'}
        {simulation.createdBy && `, started by ${simulation.createdBy}`} at <Time at={simulation.createdAt} date />
      </p>
    </section>
  );
}

function DeleteButton(props: { simulation: SimulationDetail; onError: (error: Error) => void }) {
  const { environmentId, name, slug } = props.simulation;
  return (
    <div>
      <button
        onClick={() => {
          if (!confirm(`Delete "${name}" with all its samples, anomalies and incidents?`)) return;
          remove(`simulations/${environmentId}`, { confirm: slug }).then(() => navigate('simulations'), props.onError);
        }}
      >
        Delete this simulation
      </button>
    </div>
  );
}
