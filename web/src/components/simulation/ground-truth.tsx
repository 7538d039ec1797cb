import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { GroundTruth } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote, Loading } from '../states';
import { Time } from '../time';

/** Hidden until asked for: whoever practises with a hidden fault should not see it by accident. */
export function GroundTruthCard(props: { environmentId: string }) {
  const [shown, setShown] = useState(false);
  return (
    <section class="card">
      <div class="row">
        <h2 style={{ flex: 1 }}>Ground truth</h2>
        <button aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Reveal'}
        </button>
      </div>
      {shown ? (
        <Truth environmentId={props.environmentId} />
      ) : (
        <p class="sub">What really was wrong, where and when, and when users felt it. Look after the game day.</p>
      )}
    </section>
  );
}

function Truth(props: { environmentId: string }) {
  const truth = useResource(
    `truth-${props.environmentId}`,
    (signal) => get<GroundTruth>(`simulations/${props.environmentId}/ground-truth`, {}, signal),
    5_000,
  );
  const { data } = truth;
  if (!data) return truth.error ? <ErrorNote error={truth.error} retry={truth.reload} /> : <Loading />;
  if (data.faults.length + data.planned.length === 0)
    return <p class="sub">Nothing was wrong, and nothing is planned.</p>;
  return (
    <>
      <ol class="timeline">
        {data.faults.toReversed().map((fault) => (
          <li key={`${fault.name}-${fault.from}`}>
            <span class="muted">
              <Time at={fault.from} date /> to {fault.to ? <Time at={fault.to} /> : 'now'}
            </span>
            <div>
              {fault.kind} on {fault.where}
            </div>
            <div class="muted">
              {fault.harmedAt ? (
                <>
                  users felt it at <Time at={fault.harmedAt} />
                  {fault.recoveredAt && (
                    <>
                      , all well again at <Time at={fault.recoveredAt} />
                    </>
                  )}
                </>
              ) : (
                'no user felt it'
              )}
            </div>
          </li>
        ))}
      </ol>
      {data.planned.length > 0 && (
        <>
          <h3>Still to come</h3>
          <ol class="timeline">
            {data.planned.map((fault) => (
              <li key={fault.name}>
                <span class="muted">
                  <Time at={fault.from} date />
                </span>
                <div>
                  {fault.kind} on {fault.where}
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}
