import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Anomaly, Page, Principal, SeriesSettings } from '../../api/types';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { FeedbackPanel } from '../../components/detection/feedback-panel';
import { SeriesChannels } from '../../components/detection/series-channels';
import { SeriesKnobs } from '../../components/detection/series-knobs';
import { StretchPicker } from '../../components/detection/stretch-picker';
import { Segmented } from '../../components/segmented';
import { SeriesChart } from '../../components/series-chart';
import { SeriesLabel } from '../../components/series-label';
import { ErrorNote, Loading } from '../../components/states';
import { Time } from '../../components/time';
import { useEventTime } from '../../lib/event-time';
import { formatNumber } from '../../lib/format';
import { useLive } from '../../lib/live';
import { useResource } from '../../lib/resource';
import { routeQuery } from '../../lib/router';
import { may } from '../../lib/session';

const SPANS = [
  ['60', '1 h'],
  ['360', '6 h'],
  ['1440', '24 h'],
  ['10080', '7 d'],
] as const;
type Span = (typeof SPANS)[number][0];

/** One series: what it is held against, who changed that, and what was found. */
export function SeriesPage(props: { id: string; seriesId: number; principal: Principal }) {
  const { id, seriesId } = props;
  const [span, setSpan] = useState<Span>('360');
  const [turn, setTurn] = useState(0);
  const [picked, setPicked] = useState<{ from: string; to: string }>();
  const until = useEventTime(id);
  const [linked, setLinked] = useState(() => linkedWindow(routeQuery()));
  const knobs = useResource(`series-knobs-${seriesId}-${turn}`, (signal) =>
    get<SeriesSettings>(`environments/${id}/detection/series/${seriesId}/settings`, {}, signal),
  );
  const anomalies = useResource(`series-anomalies-${seriesId}-${turn}`, (signal) =>
    get<Page<Anomaly>>(`environments/${id}/anomalies`, { seriesId, limit: 20 }, signal),
  );
  useLive(['anomaly-detection.tick-scored'], () => setTurn((count) => count + 1), id);
  const { data } = knobs;
  if (!data) return knobs.error ? <ErrorNote error={knobs.error} retry={knobs.reload} /> : <Loading />;
  return (
    <>
      <EnvironmentHead id={id} current="series" text="What this series is held against, and what was found.">
        <Segmented
          label="Time span"
          value={linked ? ('' as Span) : span}
          options={SPANS}
          onChange={(chosen) => {
            setLinked(undefined);
            setSpan(chosen);
          }}
        />
      </EnvironmentHead>
      <SeriesLabel labels={data.labels} />
      <div class="columns top" style={{ marginTop: '14px' }}>
        <div class="stack">
          <SeriesChart
            environmentId={id}
            series={{ id: seriesId, labels: data.labels }}
            minutes={Number(span)}
            window={linked}
            until={until}
            turn={turn}
            height={260}
          />
          <StretchPicker until={until} onPick={setPicked} />
          <AnomaliesOfSeries environmentId={id} anomalies={anomalies.data?.items} />
        </div>
        <div class="stack">
          <SeriesChannels environmentId={id} seriesId={seriesId} turn={turn} />
          <SeriesKnobs environmentId={id} knobs={data} />
          <FeedbackPanel
            key={`${picked?.from} ${picked?.to}`}
            environmentId={id}
            seriesId={seriesId}
            allowed={may(props.principal, 'anomalies:write')}
            onChange={() => setTurn((count) => count + 1)}
            offers={
              picked
                ? [
                    { text: 'Missed one in this stretch', subject: { kind: 'missed', seriesId, ...picked } },
                    { text: 'This stretch is normal', subject: { kind: 'not-an-anomaly', seriesId, ...picked } },
                  ]
                : []
            }
          />
        </div>
      </div>
    </>
  );
}

/** Links from elsewhere name the stretch they are about. */
function linkedWindow(query: URLSearchParams): { from: number; to: number } | undefined {
  const [from, to] = [query.get('from'), query.get('to')].map((text) =>
    text === null ? NaN : /^\d+$/.test(text) ? Number(text) : Date.parse(text),
  );
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
}

function AnomaliesOfSeries(props: { environmentId: string; anomalies: readonly Anomaly[] | undefined }) {
  return (
    <section class="card">
      <h2>Anomalies</h2>
      {props.anomalies?.length === 0 && <p class="sub">None so far: it stayed inside its band.</p>}
      <ul class="plain" style={{ marginTop: '8px' }}>
        {props.anomalies?.map((anomaly) => (
          <li key={anomaly.id} class="row">
            <span class={`badge ${anomaly.state === 'open' ? 'critical' : 'ok'}`}>{anomaly.state}</span>
            <a href={`#/environments/${props.environmentId}/anomalies/${anomaly.id}`}>
              <Time at={anomaly.startedAt} date />
            </a>
            <span class="muted">
              {anomaly.silence
                ? 'stopped reporting'
                : `${formatNumber(anomaly.value)}, expected ${formatNumber(anomaly.yhat)}`}
              {' · '}score {formatNumber(anomaly.score)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
