import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Page, Series } from '../../api/types';
import { useResource } from '../../lib/resource';
import { Segmented } from '../segmented';
import { SeriesChart } from '../series-chart';
import { Empty } from '../states';

const SELECTOR = '{__name__=~"dsim_simulation_user_.*"}';
const ORDER = ['requests_per_second', 'error_ratio', 'latency_seconds'] as const;
const SPANS = [
  ['15', '15 min'],
  ['60', '1 h'],
  ['360', '6 h'],
  ['1440', '24 h'],
  ['2880', '2 d'],
] as const;
type Span = (typeof SPANS)[number][0];

/** Rate, errors and latency as users of one entry point see them. */
export function UserCharts(props: { environmentId: string; entryPoints: readonly string[]; eventTime: string }) {
  const { environmentId, entryPoints } = props;
  const [entry, setEntry] = useState(entryPoints[0] ?? '');
  const [span, setSpan] = useState<Span>('60');
  const series = useResource(
    `user-series-${environmentId}`,
    (signal) => get<Page<Series>>(`environments/${environmentId}/series`, { 'match[]': SELECTOR, limit: 200 }, signal),
    30_000,
  );
  const of = (series.data?.items ?? []).filter(({ labels }) => labels['entry_point'] === entry);
  const rank = (labels: Series['labels']): number =>
    ORDER.findIndex((part) => labels['__name__']?.includes(part)) + Number(labels['quantile'] ?? 0);
  const until = Date.parse(props.eventTime);
  return (
    <section class="stack">
      <div class="row">
        <h2 style={{ flex: 1 }}>What users see</h2>
        <select aria-label="Entry point" value={entry} onChange={(event) => setEntry(event.currentTarget.value)}>
          {entryPoints.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Segmented label="Time span" value={span} options={SPANS} onChange={setSpan} />
      </div>
      {series.data && of.length === 0 && <Empty title="Nobody has asked for anything yet" />}
      <div class="grid">
        {of
          .toSorted((a, b) => rank(a.labels) - rank(b.labels))
          .map((one) => (
            <SeriesChart
              key={one.id}
              environmentId={environmentId}
              series={one}
              minutes={Number(span)}
              // A new scrape every fifteen seconds of event time.
              turn={Math.floor(until / 15_000)}
              until={until}
              height={140}
            />
          ))}
      </div>
    </section>
  );
}
