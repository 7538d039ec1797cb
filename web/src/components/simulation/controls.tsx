import { patch, post } from '../../api/client';
import type { SimulationDetail } from '../../api/types';

const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

const STEPS = [
  [15, '+15 s'],
  [300, '+5 min'],
  [3_600, '+1 h'],
] as const;

/** Pause, resume, speed and single steps. */
export function Controls(props: {
  simulation: SimulationDetail;
  act: (work: () => Promise<unknown>) => void;
  busy: boolean;
}) {
  const { simulation, act, busy } = props;
  const path = `simulations/${simulation.environmentId}`;
  const speeds = [...new Set([...SPEEDS, simulation.speed])].toSorted((a, b) => a - b);
  return (
    <>
      {simulation.state !== 'running' && (
        <>
          {STEPS.map(([seconds, text]) => (
            <button
              key={seconds}
              title="Go on by so much simulated time and stop again"
              disabled={busy || simulation.state === 'failed'}
              onClick={() => act(() => post(`${path}/step`, { seconds }))}
            >
              {text}
            </button>
          ))}
        </>
      )}
      <select
        aria-label="Speed"
        value={simulation.speed}
        disabled={busy}
        onChange={(event) => {
          const speed = Number(event.currentTarget.value);
          act(() => patch(path, { speed }));
        }}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speed === 1 ? '1× (real time)' : `${speed}×`}
          </option>
        ))}
      </select>
      <button
        class="primary"
        disabled={busy}
        onClick={() => act(() => patch(path, { paused: simulation.state === 'running' }))}
      >
        {simulation.state === 'running' ? 'Pause' : 'Resume'}
      </button>
    </>
  );
}
