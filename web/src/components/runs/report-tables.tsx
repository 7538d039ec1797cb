import type { RunReport } from '../../api/run-report';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatObjective,
  formatSeconds,
  formatShare,
} from '../../lib/format';
import { Time } from '../time';

const BAD_RATIO = 0.01;

export function FaultTable({ report }: { report: RunReport }) {
  if (report.faults.length === 0) return <p class="sub">None was planned.</p>;
  const at = (seconds: number): string => new Date(Date.parse(report.run.start) + seconds * 1_000).toISOString();
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Fault</th>
            <th>When</th>
            <th class="number">Harm after</th>
            <th class="number">Well again after</th>
          </tr>
        </thead>
        <tbody>
          {report.faults.map((fault) => (
            <tr key={`${fault.name} ${fault.from}`}>
              <td>
                {fault.name}
                <div class="muted">
                  {fault.kind} on {fault.where}
                </div>
              </td>
              <td>
                <Time at={at(fault.from)} /> to {fault.to === null ? 'the end' : <Time at={at(fault.to)} />}
              </td>
              <td class="number">{fault.secondsToHarm === null ? 'no harm' : formatDuration(fault.secondsToHarm)}</td>
              <td class="number">{recovery(fault)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function recovery({ harmedAt, secondsToRecover }: RunReport['faults'][number]): string {
  if (harmedAt === null) return '–';
  return secondsToRecover === null ? 'not in the run' : formatDuration(secondsToRecover);
}

export function SloTable({ report }: { report: RunReport }) {
  if (report.slos.length === 0) return <p class="sub">The scenario promises nothing.</p>;
  return (
    <div class="table-wrap tall">
      <table>
        <thead>
          <tr>
            <th>SLO</th>
            <th class="number">Promise</th>
            <th class="number">Bad</th>
            <th class="number">Budget spent</th>
            <th class="number">Harm</th>
          </tr>
        </thead>
        <tbody>
          {report.slos.map((slo) => (
            <tr key={slo.name}>
              <td>
                {slo.name}
                <div class="muted">{slo.entryPoint}</div>
              </td>
              <td class="number">
                {formatObjective(slo.objective)}
                {slo.latency !== null && <div class="muted">within {formatSeconds(slo.latency)}</div>}
              </td>
              <td class="number">{formatShare(slo.badRatio)}</td>
              <td class="number">
                <span class={(slo.budgetSpent ?? 0) > 1 ? 'bad-number' : undefined}>
                  {formatShare(slo.budgetSpent)}
                </span>
              </td>
              <td class="number">
                {slo.harmCount === 0 ? 'none' : `${slo.harmCount}×, ${formatDuration(slo.harmSeconds)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function EntryPointTable({ report }: { report: RunReport }) {
  return (
    <div class="table-wrap tall">
      <table>
        <thead>
          <tr>
            <th>Entry point</th>
            <th class="number">Req/s</th>
            <th class="number">p50</th>
            <th class="number">p99</th>
            <th class="number">p99.9</th>
            <th class="number">Errors</th>
          </tr>
        </thead>
        <tbody>
          {report.entryPoints.map((entry) => (
            <tr key={entry.name}>
              <td>{entry.name}</td>
              <td class="number">{formatNumber(entry.meanRate)}</td>
              <td class="number">{formatSeconds(entry.latency.p50)}</td>
              <td class="number">{formatSeconds(entry.latency.p99)}</td>
              <td class="number">{formatSeconds(entry.latency.p999)}</td>
              <td class="number">
                <span class={(entry.errorRatio ?? 0) > BAD_RATIO ? 'bad-number' : undefined}>
                  {formatShare(entry.errorRatio)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ServiceTable({ report }: { report: RunReport }) {
  return (
    <div class="table-wrap tall">
      <table>
        <thead>
          <tr>
            <th>Service</th>
            <th class="number">Pods, least to most</th>
            <th class="number">Mean</th>
            <th class="number">Scaled</th>
            <th class="number">Restarts</th>
          </tr>
        </thead>
        <tbody>
          {report.services.map((service) => (
            <tr key={service.name}>
              <td>{service.name}</td>
              <td class="number">
                {service.min}–{service.max}
              </td>
              <td class="number">{formatNumber(service.mean)}</td>
              <td class="number">{service.changes}×</td>
              <td class="number">
                {formatCount(service.restarts)}
                {service.oomKills > 0 && <div class="bad-number">{formatCount(service.oomKills)} OOM kills</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function QueueTable({ report }: { report: RunReport }) {
  if (report.queues.length === 0) return null;
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Queue</th>
            <th class="number">Most waiting</th>
            <th class="number">At the end</th>
          </tr>
        </thead>
        <tbody>
          {report.queues.map((queue) => (
            <tr key={queue.name}>
              <td>{queue.name}</td>
              <td class="number">{formatCount(queue.maxLag)}</td>
              <td class="number">{formatCount(queue.finalLag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
