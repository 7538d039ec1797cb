import { useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Page, Principal, SimulationSummary } from '../api/types';
import { CreateSimulation } from '../components/simulation/create-simulation';
import { SectionHead } from '../components/simulation/section-head';
import { HistoryBar, SimulationBadge } from '../components/simulation/state';
import { Empty, ErrorNote, Loading } from '../components/states';
import { Time } from '../components/time';
import { formatNumber, formatShare } from '../lib/format';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const REFRESH_MS = 3_000;
const BAD_RATIO = 0.01;

export function SimulationsPage(props: { principal: Principal }) {
  const [creating, setCreating] = useState(false);
  const list = useResource(
    'simulations',
    (signal) => get<Page<SimulationSummary>>('simulations', { limit: 200 }, signal),
    REFRESH_MS,
  );
  const allowed = may(props.principal, 'simulation:control');
  return (
    <>
      <SectionHead
        current="simulations"
        text="Fleets that behave like real ones and can be broken without harm. Detectors, incidents and alerts treat them like any other environment."
      >
        {allowed && !creating && (
          <button class="primary" onClick={() => setCreating(true)}>
            New simulation
          </button>
        )}
      </SectionHead>
      <ErrorNote error={list.error} retry={list.reload} />
      {creating && <CreateSimulation onClose={() => setCreating(false)} />}
      {!list.data && list.loading && <Loading />}
      {list.data?.items.length === 0 && !creating && (
        <Empty title="Nothing is being simulated">
          {allowed ? (
            <button onClick={() => setCreating(true)}>Choose a scenario</button>
          ) : (
            <p>Someone with the permission simulation:control can start one.</p>
          )}
        </Empty>
      )}
      <div class="cards">
        {list.data?.items.map((simulation) => (
          <SimulationCard key={simulation.environmentId} simulation={simulation} />
        ))}
      </div>
    </>
  );
}

function SimulationCard({ simulation }: { simulation: SimulationSummary }) {
  return (
    <a class="card" href={`#/simulations/${simulation.environmentId}`}>
      <div class="row">
        <h2 style={{ flex: 1 }}>{simulation.name}</h2>
        <SimulationBadge simulation={simulation} />
      </div>
      <p class="sub">
        {simulation.title} · <Time at={simulation.eventTime} date /> · {simulation.speed}×
      </p>
      <HistoryBar simulation={simulation} />
      <div class="figures">
        <div>
          <span class="muted">requests/s</span>
          <b>{formatNumber(simulation.requestRate)}</b>
        </div>
        <div>
          <span class="muted">errors</span>
          <b class={(simulation.errorRatio ?? 0) > BAD_RATIO ? 'bad-number' : undefined}>
            {formatShare(simulation.errorRatio)}
          </b>
        </div>
        <div>
          <span class="muted">faults</span>
          <b class={simulation.activeFaults ? 'bad-number' : undefined}>{formatNumber(simulation.activeFaults)}</b>
        </div>
      </div>
    </a>
  );
}
