import { useMemo } from 'preact/hooks';
import type { RunReport } from '../../api/run-report';
import { formatCount, formatNumber, formatSeconds, formatShare } from '../../lib/format';
import { Chart, type ChartData, type Marker, type Stretch } from '../chart';

type Line = Exclude<keyof RunReport['history'], 'interval'>;

const LINES: readonly (readonly [Line, string, (value: number | null | undefined) => string])[] = [
  ['rate', 'Requests per second', formatNumber],
  ['errorRatio', 'Errors', formatShare],
  ['p50', 'Latency, median', formatSeconds],
  ['p99', 'Latency, p99', formatSeconds],
  ['replicas', 'Ready pods', formatCount],
  ['costRate', 'US dollars an hour', formatNumber],
];

const LEAST_ERRORS = 0.01;

/** The course of the run, with the time in which users were harmed in red and the faults as dashed lines. */
export function HistoryCharts({ report }: { report: RunReport }) {
  const { range, data, harms, markers } = useMemo(() => coursesOf(report), [report]);
  return (
    <section class="stack">
      <h2>
        Its course <span class="muted">red: users were harmed; dashed: a fault begins or ends</span>
      </h2>
      <div class="grid thirds">
        {LINES.map(([line, title, format]) => (
          <section class="card chart-card" key={line}>
            <header>
              <div>
                <h3>{title}</h3>
              </div>
              <span class="now">
                <span class="muted">most</span> {format(mostOf(report.history[line]))}
              </span>
            </header>
            <Chart
              data={data[line]}
              anomalies={harms}
              markers={markers}
              range={range}
              unit=""
              least={line === 'errorRatio' ? LEAST_ERRORS : 0}
              format={format}
              height={150}
              label={`${title} over the run`}
            />
          </section>
        ))}
      </div>
    </section>
  );
}

function mostOf(values: readonly (number | null)[]): number | null {
  let most: number | null = null;
  for (const value of values) if (value !== null && (most === null || value > most)) most = value;
  return most;
}

function coursesOf({ run, history, slos, faults }: RunReport): {
  range: Stretch;
  data: Record<Line, ChartData>;
  harms: readonly Stretch[];
  markers: readonly Marker[];
} {
  const start = Date.parse(run.start);
  const at = (seconds: number): number => start + seconds * 1_000;
  const times = history.rate.map((_, index) => at((index + 1) * history.interval));
  const course = (line: Line): ChartData => ({ times, values: history[line] });
  return {
    range: { from: start, to: at(run.seconds) },
    data: {
      rate: course('rate'),
      errorRatio: course('errorRatio'),
      p50: course('p50'),
      p99: course('p99'),
      replicas: course('replicas'),
      costRate: course('costRate'),
    },
    harms: merged(
      slos.flatMap((slo) => slo.harms.map(({ from, to }) => ({ from: at(from), to: at(to ?? run.seconds) }))),
    ),
    markers: faults.flatMap((fault) => [
      { at: at(fault.from), text: `${fault.name} begins` },
      ...(fault.to === null ? [] : [{ at: at(fault.to), text: `${fault.name} ends` }]),
    ]),
  };
}

/** Stretches that lie over each other as one: drawn twice, they would hide the line. */
function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && stretch.from <= last.to) whole[whole.length - 1] = { ...last, to: Math.max(last.to, stretch.to) };
    else whole.push(stretch);
  }
  return whole;
}
