import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { AnomalyGroup, DetectionSummary, Page } from '../../api/types';
import { AnomalyGroupCard } from '../../components/detection/anomaly-group';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { Segmented } from '../../components/segmented';
import { Empty, ErrorNote, Loading } from '../../components/states';
import { useLive } from '../../lib/live';
import { useResource } from '../../lib/resource';

const EVENTS = ['anomaly-detection.anomaly-detected', 'anomaly-detection.anomaly-ended'] as const;
const STATES = [
  ['all', 'All'],
  ['open', 'Open'],
  ['held', 'Held'],
  ['ended', 'Ended'],
] as const;
type State = (typeof STATES)[number][0];
const PAGE = 30;
const MOST = 300;
/** Groups whose anomalies are shown without asking. */
const SPREAD_OUT = 3;

/** Anomalies of an environment, those of one cause as one. */
export function AnomaliesPage(props: { id: string }) {
  const { id } = props;
  const [state, setState] = useState<State>('all');
  const [limit, setLimit] = useState(PAGE);
  const groups = useResource(
    `anomaly-groups-${id}-${state}-${limit}`,
    (signal) =>
      get<Page<AnomalyGroup>>(
        `environments/${id}/anomaly-groups`,
        { limit, state: state === 'all' ? undefined : state },
        signal,
      ),
    15_000,
  );
  const detection = useResource(`environment-detection-${id}`, (signal) =>
    get<DetectionSummary>(`environments/${id}/detection`, {}, signal),
  );
  useLive(EVENTS, groups.reload, id);
  const items = groups.data?.items;
  return (
    <>
      <EnvironmentHead
        id={id}
        current="anomalies"
        text="What stood out, newest first. Anomalies of one cause are one group, and one page."
      >
        <Segmented label="State" value={state} options={STATES} onChange={setState} />
      </EnvironmentHead>
      <ErrorNote error={groups.error} retry={groups.reload} />
      {!items && groups.loading && <Loading />}
      {items?.length === 0 && <NothingFound state={state} detection={detection.data} />}
      <div class="stack">
        {items?.map((group, index) => (
          <AnomalyGroupCard key={group.id} environmentId={id} group={group} open={index < SPREAD_OUT} />
        ))}
      </div>
      {groups.data?.nextCursor && limit < MOST && (
        <button class="quiet" onClick={() => setLimit(Math.min(limit + PAGE, MOST))}>
          Show more
        </button>
      )}
    </>
  );
}

function NothingFound(props: { state: State; detection: DetectionSummary | undefined }) {
  const states = props.detection?.states;
  if (states && states.ok === 0) {
    return (
      <Empty title="Nothing is watched yet">
        <p>
          {states.learning > 0
            ? `${states.learning} series are still being learned, which takes a few minutes of samples.`
            : 'No series has samples to learn from.'}
        </p>
      </Empty>
    );
  }
  const title = { all: 'No anomaly so far', open: 'Nothing is open', held: 'Nothing is held', ended: 'None has ended' };
  return (
    <Empty title={title[props.state]}>
      <p>{props.state === 'all' ? 'Every watched series stayed inside its band.' : 'Look at all groups instead.'}</p>
    </Empty>
  );
}
