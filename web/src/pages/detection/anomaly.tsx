import { useRef, useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { AnomalyDetail, Principal } from '../../api/types';
import { ChannelBars } from '../../components/detection/channel-bars';
import { CoMovers } from '../../components/detection/co-movers';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { FeedbackPanel } from '../../components/detection/feedback-panel';
import { ScoreStrip } from '../../components/detection/score-strip';
import { Sentence } from '../../components/detection/sentence';
import { CopyButton } from '../../components/copy-button';
import { SeriesChart } from '../../components/series-chart';
import { SeriesLabel } from '../../components/series-label';
import { ErrorNote, Loading } from '../../components/states';
import { Time } from '../../components/time';
import { useEventTime } from '../../lib/event-time';
import { formatDuration, formatNumber } from '../../lib/format';
import { useLive } from '../../lib/live';
import { useResource } from '../../lib/resource';
import { may } from '../../lib/session';

const EVENTS = ['anomaly-detection.anomaly-ended', 'anomaly-detection.tick-scored'] as const;
const MARGIN_MS = 30 * 60_000;
/** The window of an open anomaly moves on in steps: each one loads the chart anew. */
const STEP_MS = 15_000;
const END: Readonly<Record<string, string>> = {
  calm: 'calm again',
  stale: 'the series went silent',
  'series-ended': 'the series ended',
  excluded: 'it is not watched any more',
  'adopted-silence': 'silent for so long that nobody waits for it',
};

function endOf({ adopted, endReason, silence }: AnomalyDetail): string | undefined {
  if (endReason === 'calm' && silence) return 'data are back';
  return adopted && endReason === 'calm' ? 'its level is the new normal' : END[endReason ?? ''];
}

/** One anomaly: what happened, how it was seen, how rare it is, what else moved, and what people say about it. */
export function AnomalyPage(props: { id: string; anomalyId: string; principal: Principal }) {
  const { id, anomalyId } = props;
  const [turn, setTurn] = useState(0);
  const until = useEventTime(id);
  const query = useRef<HTMLPreElement>(null);
  const anomaly = useResource(`anomaly-${anomalyId}`, (signal) =>
    get<AnomalyDetail>(`environments/${id}/anomalies/${anomalyId}`, {}, signal),
  );
  const { data } = anomaly;
  useLive(
    EVENTS,
    () => {
      if (data?.state !== 'open') return;
      anomaly.reload();
      setTurn((count) => count + 1);
    },
    id,
  );
  if (!data) return anomaly.error ? <ErrorNote error={anomaly.error} retry={anomaly.reload} /> : <Loading />;
  const window = windowOf(data, until);
  const scores = Object.fromEntries(data.channels.map(({ channel, score }) => [channel, score]));
  return (
    <>
      <EnvironmentHead id={id} current="anomalies" text="One anomaly, explained." />
      <section class="card" style={{ marginBottom: '16px' }}>
        <div class="row">
          <span class={`badge ${data.state === 'open' ? 'critical' : 'ok'}`}>{data.state}</span>
          <span class="muted">
            <Time at={data.startedAt} date /> to {data.endedAt ? <Time at={data.endedAt} /> : 'now'}
            {data.endedAt && ` (${formatDuration((Date.parse(data.endedAt) - Date.parse(data.startedAt)) / 1e3)})`}
            {data.endReason && ` · ${endOf(data)}`}
            {' · '}
            {data.detector}
          </span>
        </div>
        <Sentence parts={data.parts} />
      </section>
      <div class="columns top">
        <div class="stack">
          <div>
            <SeriesChart
              environmentId={id}
              series={{ id: data.seriesId, labels: data.labels }}
              minutes={60}
              window={window}
              turn={turn}
              height={260}
            />
          </div>
          <section class="card">
            <h2>Score</h2>
            <p class="sub">Highest {formatNumber(data.score)}; the boundary is 1.</p>
            <ScoreStrip environmentId={id} seriesId={data.seriesId} window={window} turn={turn} />
          </section>
          <CoMovers environmentId={id} movers={data.coMovers} shares={data.shares} />
        </div>
        <div class="stack">
          <section class="card">
            <h2>How it was seen</h2>
            {data.channels.length > 0 ? (
              <ChannelBars contributions={scores} />
            ) : (
              <p class="sub">The release that found it did not keep what each channel said.</p>
            )}
          </section>
          <section class="card">
            <h2>How rare this is</h2>
            <p class="teaches">{data.rarity.text || 'Its history is too short to tell.'}</p>
            {data.rarity.points > 0 && (
              <p class="sub">
                {data.rarity.asFar} of {data.rarity.points} points were as far off, over{' '}
                {formatDuration(data.rarity.spanSeconds)}.
              </p>
            )}
            <div class="figures">
              <div>
                <b>{data.valueText}</b>
                <span class="muted">value</span>
              </div>
              <div>
                <b>{data.expectedText || 'unknown'}</b>
                <span class="muted">expected</span>
              </div>
            </div>
          </section>
          <FeedbackPanel
            environmentId={id}
            seriesId={data.seriesId}
            allowed={may(props.principal, 'anomalies:write')}
            onChange={() => setTurn((count) => count + 1)}
            offers={[{ text: 'Not an anomaly', subject: { kind: 'not-an-anomaly', anomalyId: data.id } }]}
          />
          <section class="card">
            <h2>Look further</h2>
            <a href={data.links.chart}>
              <SeriesLabel labels={data.labels} />
            </a>
            <h3>Query for your Prometheus</h3>
            <pre aria-label="Query" ref={query}>
              {data.links.query}
            </pre>
            <CopyButton text={data.links.query} from={query} />
          </section>
        </div>
      </div>
    </>
  );
}

function windowOf(anomaly: AnomalyDetail, until: number | undefined): { from: number; to: number } {
  const start = Date.parse(anomaly.startedAt);
  // A simulated environment may be behind our clock or ahead of it; its peak at least has been.
  const present = Math.max(Math.floor((until ?? Date.now()) / STEP_MS) * STEP_MS, Date.parse(anomaly.peakAt));
  const end = anomaly.endedAt ? Date.parse(anomaly.endedAt) : present;
  const margin = Math.max(MARGIN_MS, (end - start) / 2);
  return { from: start - margin, to: Math.max(end, Math.min(end + margin, present)) };
}
