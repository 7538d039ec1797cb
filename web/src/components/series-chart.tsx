import { useEffect, useRef } from 'preact/hooks';
import { get } from '../api/client';
import type { Anomaly, Page, SampleSet, ScoreSet, Series } from '../api/types';
import { formatNumber, unitOf } from '../lib/format';
import { useResource } from '../lib/resource';
import { Chart, type ChartData, type Marker, type Stretch } from './chart';
import { SeriesLabel } from './series-label';
import { ErrorNote } from './states';

interface SeriesChartProps {
  readonly environmentId: string;
  readonly series: Pick<Series, 'id' | 'labels'>;
  readonly minutes: number;
  /** Changes when there is something new to load. */
  readonly turn: number;
  /** What the last minutes end at, epoch milliseconds; the present where left out. */
  readonly until?: number;
  /** A fixed window instead of the last minutes. */
  readonly window?: Stretch;
  readonly height?: number;
  /** Instead of the name and labels of the series. */
  readonly title?: string;
  readonly markers?: readonly Marker[];
  /** See the chart. */
  readonly least?: number;
  /** Instead of a plain number with its unit. */
  readonly format?: (value: number | null | undefined) => string;
}

interface Loaded {
  readonly data: ChartData;
  readonly perSecond: boolean;
  readonly anomalies: readonly Stretch[];
  readonly range: Stretch;
}

const MOST_POINTS = 600;

export function SeriesChart(props: SeriesChartProps) {
  const { environmentId, series, minutes, turn, window: fixed } = props;
  const loaded = useResource(`chart-${series.id}-${fixed ? `${fixed.from}-${fixed.to}` : minutes}`, (signal) =>
    load(environmentId, series.id, fixed ?? lastMinutes(minutes, props.until), signal),
  );
  useReloadOn(turn, loaded.reload);
  const { data } = loaded;
  const name = series.labels['__name__'] ?? '';
  const unit = props.format ? '' : unitOf(name, data?.perSecond ?? false);
  const newest = data?.data.values.findLast((value) => value !== null);
  return (
    <section class="card chart-card">
      <header>
        <div>{props.title ? <h3 title={name}>{props.title}</h3> : <SeriesLabel labels={series.labels} />}</div>
        <span class="now">
          {(props.format ?? formatNumber)(newest)} <span class="muted">{unit}</span>
        </span>
      </header>
      <ErrorNote error={data ? undefined : loaded.error} retry={loaded.reload} />
      {data ? (
        <Chart
          data={data.data}
          anomalies={data.anomalies}
          range={data.range}
          unit={unit}
          height={props.height}
          label={`${props.title ?? name} over time, with its expected band`}
          markers={props.markers}
          least={props.least}
          format={props.format}
        />
      ) : (
        <div class="chart" style={{ minHeight: `${(props.height ?? 170) + 20}px` }} />
      )}
    </section>
  );
}

function lastMinutes(minutes: number, to = Date.now()): Stretch {
  return { from: to - minutes * 60_000, to };
}

async function load(environmentId: string, id: number, range: Stretch, signal: AbortSignal): Promise<Loaded> {
  const query = {
    seriesId: id,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    maxPoints: MOST_POINTS,
  };
  const base = `environments/${environmentId}`;
  const [scores, anomalies] = await Promise.all([
    get<ScoreSet>(`${base}/scores`, query, signal).catch(() => undefined),
    get<Page<Anomaly>>(`${base}/anomalies`, { seriesId: id, from: query.from, to: query.to, limit: 100 }, signal).catch(
      () => undefined,
    ),
  ]);
  // What is open reaches as far as there is data: what comes after that is not known yet.
  const stretchesUntil = (newest: number | undefined): Stretch[] =>
    (anomalies?.items ?? []).map(({ startedAt, endedAt }) => {
      const from = Date.parse(startedAt);
      return { from, to: endedAt ? Date.parse(endedAt) : Math.max(from, Math.min(newest ?? from, range.to)) };
    });
  if (scores && scores.times.length > 0) {
    const { times, values, yhat, yhatLower: lower, yhatUpper: upper } = scores;
    return {
      data: { times, values, yhat, lower, upper },
      perSecond: scores.unit === 'per_second',
      anomalies: stretchesUntil(times.at(-1)),
      range,
    };
  }
  const samples = await get<{ items: SampleSet[] }>(`${base}/samples`, query, signal);
  const raw = samples.items[0] ?? { times: [], values: [] };
  const stretches = stretchesUntil(raw.times.at(-1));
  return { data: { times: raw.times, values: raw.values }, perSecond: false, anomalies: stretches, range };
}

function useReloadOn(turn: number, reload: () => void): void {
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current === turn) return;
    seen.current = turn;
    reload();
  }, [turn, reload]);
}
