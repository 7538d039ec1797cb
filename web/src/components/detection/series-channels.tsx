import { get } from '../../api/client';
import type { SeriesDetection } from '../../api/types';
import { formatDuration } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { Time } from '../time';
import { meaningOf } from './channel-bars';

/** Which ways of looking are used for the series, and why the others are not. */
export function SeriesChannels(props: { environmentId: string; seriesId: number; turn: number }) {
  const { environmentId, seriesId } = props;
  const found = useResource(`series-detection-${seriesId}`, (signal) =>
    get<SeriesDetection>(`environments/${environmentId}/detection/series/${seriesId}`, {}, signal),
  );
  const { data } = found;
  return (
    <section class="card">
      <h2>How it is looked at</h2>
      <ErrorNote error={data ? undefined : found.error} retry={found.reload} />
      {data && (
        <>
          <p class="sub">
            {data.detector} · {data.state}
            {data.reason && `: ${data.reason}`}
            {data.learnedFrom && data.points > 0 && (
              <>
                {' · '}
                {data.points} points learned, since <Time at={data.learnedFrom} date />
              </>
            )}
          </p>
          {data.learning && (
            <p class="sub">A longer history is being learned: {formatDuration(span(data.learning))} of it are done.</p>
          )}
          {data.channels.length === 0 && <p class="sub">What was learned is shown once its first snapshot is taken.</p>}
          <ul class="plain" style={{ marginTop: '8px' }}>
            {data.channels.map(({ name, active, reason }) => (
              <li key={name} class="channel" title={meaningOf(name)}>
                <span class={`badge ${active ? 'ok' : ''}`}>{active ? 'used' : 'not used'}</span>
                <span>
                  <b>{name}</b> <span class="muted">{reason}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const span = ({ from, until }: { from: string; until: string }): number =>
  Math.max(0, (Date.parse(until) - Date.parse(from)) / 1e3);
