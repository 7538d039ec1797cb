import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { DetectionSummary, Page, SeriesState } from '../../api/types';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { Segmented } from '../../components/segmented';
import { SeriesLabel } from '../../components/series-label';
import { Empty, ErrorNote, Loading } from '../../components/states';
import { Time } from '../../components/time';
import { formatNumber } from '../../lib/format';
import { useResource } from '../../lib/resource';

const STATES = [
  ['all', 'All'],
  ['ok', 'Watched'],
  ['learning', 'Learning'],
  ['stale', 'Stale'],
  ['excluded', 'Excluded'],
] as const;
type State = (typeof STATES)[number][0];
const STYLE = { ok: 'ok', learning: 'info', stale: 'warning', excluded: '' } as const;
const PAGE = 100;
const MOST = 500;

/** Which series are watched, and why others are not. */
export function SeriesListPage(props: { id: string }) {
  const { id } = props;
  const [state, setState] = useState<State>('all');
  const [limit, setLimit] = useState(PAGE);
  const list = useResource(
    `series-states-${id}-${state}-${limit}`,
    (signal) =>
      get<Page<SeriesState>>(
        `environments/${id}/detection/series`,
        { limit, state: state === 'all' ? undefined : state },
        signal,
      ),
    15_000,
  );
  const detection = useResource(`environment-detection-${id}`, (signal) =>
    get<DetectionSummary>(`environments/${id}/detection`, {}, signal),
  );
  const items = list.data?.items;
  const counts = detection.data?.states;
  return (
    <>
      <EnvironmentHead
        id={id}
        current="series"
        text={
          counts
            ? `${counts.ok} watched, ${counts.learning} learning, ${counts.stale} stale, ${counts.excluded} excluded.`
            : 'Which series are watched, and why others are not.'
        }
      >
        <Segmented label="State" value={state} options={STATES} onChange={setState} />
      </EnvironmentHead>
      <ErrorNote error={list.error} retry={list.reload} />
      {!items && list.loading && <Loading />}
      {items?.length === 0 && (
        <Empty title="No such series">
          <p>{state === 'all' ? 'Nothing was received yet.' : 'No series is in this state at present.'}</p>
        </Empty>
      )}
      {items && items.length > 0 && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th>Series</th>
                <th>State</th>
                <th class="wide">Since</th>
                <th class="number">Score</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.seriesId}>
                  <td>
                    <a href={`#/environments/${id}/series/${item.seriesId}`}>
                      <SeriesLabel labels={item.labels} />
                    </a>
                  </td>
                  <td>
                    <span class={`badge ${STYLE[item.state]}`}>{item.state === 'ok' ? 'watched' : item.state}</span>
                    {item.reason && <div class="muted">{item.reason}</div>}
                  </td>
                  <td class="wide">
                    <Time at={item.since} date />
                  </td>
                  <td class="number">{formatNumber(item.score)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.data?.nextCursor && limit < MOST && (
            <button class="quiet" onClick={() => setLimit(Math.min(limit + PAGE, MOST))}>
              Show more
            </button>
          )}
        </div>
      )}
    </>
  );
}
