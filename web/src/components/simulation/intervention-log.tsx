import type { SimulationDetail } from '../../api/types';
import { Time } from '../time';

const MOST = 20;

export function InterventionLog({ simulation }: { simulation: SimulationDetail }) {
  if (simulation.interventions.length === 0) return null;
  return (
    <section class="card">
      <h2>What people did</h2>
      <ol class="timeline">
        {simulation.interventions.slice(0, MOST).map((entry) => (
          <li key={entry.id}>
            <span class="muted">
              {entry.eventTime ? <Time at={entry.eventTime} date /> : waiting(simulation)} · {entry.actor ?? 'unknown'}
            </span>
            <div>{entry.text}</div>
            {entry.refusal && <div class="bad-number">{entry.refusal}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const waiting = ({ state }: SimulationDetail): string =>
  state === 'running' ? 'with the next second' : 'when the simulation goes on';
