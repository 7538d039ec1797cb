import type { SimulationStatus } from '../../api/types';
import { formatNumber, formatObjective, formatSeconds, formatShare } from '../../lib/format';

const BAD_RATIO = 0.01;

export function FleetTable({ status }: { status: SimulationStatus }) {
  const several = status.vocabulary.clusters.length > 1;
  return (
    <div class="table-wrap tall">
      <table>
        <thead>
          <tr>
            <th>Service</th>
            <th class="wide">Version</th>
            <th class="number">Ready</th>
            <th class="number">CPU</th>
            <th class="number">Req/s</th>
            <th class="number">p99</th>
            <th class="number">Errors</th>
            <th class="number wide">Restarts</th>
          </tr>
        </thead>
        <tbody>
          {status.services.map((service) => (
            <tr key={`${service.name}@${service.cluster}`}>
              <td>
                {service.name}
                {several && <span class="muted"> in {service.cluster}</span>}
              </td>
              <td class="mono wide">
                {service.version}
                {service.updating && ` → ${service.updating}`}
              </td>
              <td class="number">
                <span class={service.ready < service.desired ? 'bad-number' : undefined}>
                  {service.ready}/{service.desired}
                </span>
                {service.bounds && (
                  <span class="muted wide-only" title="Bounds of its autoscaler">
                    {' '}
                    ({service.bounds.min}–{service.bounds.max})
                  </span>
                )}
              </td>
              <td class="number" title={`${formatNumber(service.cpuCores)} cores; share of what its pods request`}>
                {formatShare(service.cpuOfRequest)}
              </td>
              <td class="number">{formatNumber(service.requestRate)}</td>
              <td class="number">{formatSeconds(service.p99)}</td>
              <td class="number">
                <Errors ratio={service.errorRatio} />
              </td>
              <td class="number wide">{service.restarts}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function StoreTable({ status }: { status: SimulationStatus }) {
  if (status.stores.length === 0) return null;
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Store</th>
            <th>State</th>
            <th class="number">Req/s</th>
            <th class="number">p99</th>
            <th class="number">Errors</th>
          </tr>
        </thead>
        <tbody>
          {status.stores.map((store) => (
            <tr key={store.name}>
              <td>
                {store.name} <span class="muted">{store.kind}</span>
              </td>
              <td>{store.up ? store.detail : <span class="bad-number">no primary</span>}</td>
              <td class="number">{formatNumber(store.requestRate)}</td>
              <td class="number">{formatSeconds(store.p99)}</td>
              <td class="number">
                <Errors ratio={store.errorRatio} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function UserTable({ status }: { status: SimulationStatus }) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Entry point</th>
            <th class="number">Req/s</th>
            <th class="number">p50</th>
            <th class="number">p99</th>
            <th class="number">Errors</th>
          </tr>
        </thead>
        <tbody>
          {status.entryPoints.map((entry) => (
            <tr key={entry.name}>
              <td>{entry.name}</td>
              <td class="number">{formatNumber(entry.requestRate)}</td>
              <td class="number">{formatSeconds(entry.p50)}</td>
              <td class="number">{formatSeconds(entry.p99)}</td>
              <td class="number">
                <Errors ratio={entry.errorRatio} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function SloTable({ status }: { status: SimulationStatus }) {
  if (status.slos.length === 0) return null;
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>SLO</th>
            <th>Promise</th>
            <th class="number">Budget spent</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {status.slos.map((slo) => (
            <tr key={slo.name}>
              <td>{slo.name}</td>
              <td>
                {formatObjective(slo.objective)} of {slo.entryPoint}
                {slo.latency !== null && ` within ${formatSeconds(slo.latency)}`}
              </td>
              <td class="number">
                <span class={(slo.budgetSpent ?? 0) > 1 ? 'bad-number' : undefined}>
                  {formatShare(slo.budgetSpent)}
                </span>
              </td>
              <td>
                <span class={`badge ${slo.harmedNow ? 'critical' : 'ok'}`}>{slo.harmedNow ? 'harmed' : 'kept'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Errors({ ratio }: { ratio: number | null }) {
  return <span class={(ratio ?? 0) > BAD_RATIO ? 'bad-number' : undefined}>{formatShare(ratio)}</span>;
}
