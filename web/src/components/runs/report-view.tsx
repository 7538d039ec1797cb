import type { RunReport } from '../../api/run-report';
import { formatCount, formatNumber, formatShare } from '../../lib/format';
import { Prose } from '../prose';
import { ExpectationList } from './expectation-list';
import { HistoryCharts } from './history-charts';
import { EntryPointTable, FaultTable, QueueTable, ServiceTable, SloTable } from './report-tables';

/** Everything a finished run says about itself; the thinking was done when it ran. */
export function ReportView({ report }: { report: RunReport }) {
  const { totals } = report;
  const figures: readonly (readonly [string, string, boolean?])[] = [
    ['requests', formatCount(totals.offered)],
    ['failed', formatCount(totals.failed)],
    ['errors', formatShare(totals.errorRatio), (totals.errorRatio ?? 0) > 0.01],
    ['restarts', formatCount(totals.restarts)],
    ['OOM kills', formatCount(totals.oomKills), totals.oomKills > 0],
    ['most pods without a node', formatCount(totals.maxUnschedulablePods), totals.maxUnschedulablePods > 0],
    ['cost', `$${formatNumber(totals.cost)}`],
    ['an hour', `$${formatNumber(totals.costPerHour)}`],
  ];
  return (
    <div class="stack">
      {!report.run.complete && <div class="note">It ended before the time that was planned.</div>}
      <Prose text={report.scenario.teaches} />
      <div class="columns">
        <ExpectationList expectations={report.expectations} />
        <section class="card">
          <h2>In all</h2>
          <div class="figures">
            {figures.map(([name, value, bad]) => (
              <div key={name}>
                <span class="muted">{name}</span>
                <b class={bad ? 'bad-number' : undefined}>{value}</b>
              </div>
            ))}
          </div>
        </section>
      </div>
      <HistoryCharts report={report} />
      <div class="columns even">
        <div class="stack">
          <section class="card">
            <h2>Faults</h2>
            <FaultTable report={report} />
          </section>
          <section class="card">
            <h2>Users</h2>
            <EntryPointTable report={report} />
          </section>
        </div>
        <div class="stack">
          <section class="card">
            <h2>SLOs</h2>
            <SloTable report={report} />
          </section>
          <section class="card">
            <h2>Services</h2>
            <ServiceTable report={report} />
            <QueueTable report={report} />
          </section>
        </div>
      </div>
    </div>
  );
}
