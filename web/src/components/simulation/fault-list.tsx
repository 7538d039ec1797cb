import { remove } from '../../api/client';
import type { SimulationDetail } from '../../api/types';
import { formatDuration } from '../../lib/format';

export function FaultList(props: {
  simulation: SimulationDetail;
  may: boolean;
  act: (work: () => Promise<unknown>) => void;
}) {
  const { simulation } = props;
  const faults = simulation.status?.faults ?? [];
  if (faults.length === 0) return <p class="sub">No fault is in force.</p>;
  return (
    <ul class="plain">
      {faults.map((fault) => (
        <li key={fault.name} class="row">
          <span class="badge critical">{fault.kind}</span>
          <span style={{ flex: 1 }}>
            {fault.where}{' '}
            <span class="muted">
              for {formatDuration(Math.max(0, simulation.simulatedSeconds - fault.since))}
              {fault.until !== null &&
                `, ${formatDuration(Math.max(0, fault.until - simulation.simulatedSeconds))} to go`}
              {fault.level < 1 && `, at ${Math.round(fault.level * 100)} %`}
            </span>
          </span>
          {props.may && (
            <button
              onClick={() =>
                props.act(() =>
                  remove(`simulations/${simulation.environmentId}/faults/${encodeURIComponent(fault.name)}`),
                )
              }
            >
              Clear
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
