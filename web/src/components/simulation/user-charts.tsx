import { useMemo, useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Page, Series, SimulationDetail } from '../../api/types';
import { formatNumber, formatSeconds, formatShare } from '../../lib/format';
import { useResource } from '../../lib/resource';
import type { Marker } from '../chart';
import { Segmented } from '../segmented';
import { SeriesChart } from '../series-chart';
import { Empty } from '../states';

const SELECTOR = '{__name__=~"dsim_simulation_user_.*"}';
const SPANS = [
  ['15', '15 min'],
  ['60', '1 h'],
  ['360', '6 h'],
  ['1440', '24 h'],
  ['2880', '2 d'],
] as const;
type Span = (typeof SPANS)[number][0];

interface ChartKind {
  readonly name: string;
  readonly quantile?: string;
  readonly title: string;
  readonly least: number;
  readonly format: (value: number | null | undefined) => string;
}

const LEAST_ERRORS = 0.01;
const KINDS: readonly ChartKind[] = [
  { name: 'dsim_simulation_user_requests_per_second', title: 'Requests per second', least: 0, format: formatNumber },
  { name: 'dsim_simulation_user_error_ratio', title: 'Errors', least: LEAST_ERRORS, format: formatShare },
  {
    name: 'dsim_simulation_user_latency_seconds',
    quantile: '0.5',
    title: 'Latency, median',
    least: 0,
    format: formatSeconds,
  },
  {
    name: 'dsim_simulation_user_latency_seconds',
    quantile: '0.99',
    title: 'Latency, p99',
    least: 0,
    format: formatSeconds,
  },
];
/** A scrape comes every fifteen seconds of event time; faster than every two of ours nobody can follow. */
const SCRAPE_SECONDS = 15;
const CALMEST_SECONDS = 2;

/** Rate, errors and latency as users of one entry point see them, with what people did as dashed lines. */
export function UserCharts(props: { simulation: SimulationDetail; entryPoints: readonly string[] }) {
  const { simulation, entryPoints } = props;
  const id = simulation.environmentId;
  const [chosen, setChosen] = useState('');
  const [span, setSpan] = useState<Span>('60');
  const entry = entryPoints.includes(chosen) ? chosen : (entryPoints[0] ?? '');
  const [found, setFound] = useState(false);
  const series = useResource(
    `user-series-${id}`,
    async (signal) => {
      const page = await get<Page<Series>>(`environments/${id}/series`, { 'match[]': SELECTOR, limit: 200 }, signal);
      setFound(page.items.length > 0);
      return page;
    },
    found ? 30_000 : 1_000,
  );
  const markers = useMarkers(simulation);
  const of = (series.data?.items ?? []).filter(({ labels }) => labels['entry_point'] === entry);
  const until = Date.parse(simulation.eventTime);
  const stride = Math.max(SCRAPE_SECONDS, CALMEST_SECONDS * simulation.speed);
  return (
    <section class="stack">
      <div class="row">
        <h2 style={{ flex: 1 }}>What users see</h2>
        <select aria-label="Entry point" value={entry} onChange={(event) => setChosen(event.currentTarget.value)}>
          {entryPoints.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Segmented label="Time span" value={span} options={SPANS} onChange={setSpan} />
      </div>
      {series.data && of.length === 0 && <Empty title="No scrape yet">The first one comes within a moment.</Empty>}
      <div class="grid quarters">
        {KINDS.flatMap(({ name, quantile, title, least, format }) => {
          const one = of.find(({ labels }) => labels['__name__'] === name && labels['quantile'] === quantile);
          if (!one) return [];
          return (
            <SeriesChart
              key={one.id}
              environmentId={id}
              series={one}
              minutes={Number(span)}
              turn={Math.floor(until / (stride * 1_000))}
              until={until}
              height={150}
              title={title}
              least={least}
              format={format}
              markers={markers}
            />
          );
        })}
      </div>
    </section>
  );
}

/** The same array while nothing new was done, so that charts are not drawn anew for nothing. */
function useMarkers(simulation: SimulationDetail): readonly Marker[] {
  const done = simulation.interventions.filter(({ eventTime, refusal }) => eventTime !== null && refusal === null);
  const key = done.map(({ id }) => id).join();
  return useMemo(() => done.map(({ eventTime, text }) => ({ at: Date.parse(eventTime ?? ''), text })), [key]);
}
