import { get } from '../api/client';
import type { Feature, Principal, QueueOverview } from '../api/types';
import { ErrorNote, Loading } from '../components/states';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

export function SystemPage(props: { principal: Principal }) {
  const features = useResource('features', (signal) => get<{ items: Feature[] }>('features', {}, signal));
  return (
    <div class="stack">
      <div class="head" style={{ marginBottom: '0px' }}>
        <div class="grow">
          <h1>System</h1>
          <p class="sub">
            What is on here, and why. The API is described at <a href="/api/docs">/api/docs</a>.
          </p>
        </div>
      </div>
      <ErrorNote error={features.error} retry={features.reload} />
      {!features.data && features.loading && <Loading />}
      {features.data && <FeatureTable features={features.data.items} />}
      {may(props.principal, 'admin') && <Queues />}
    </div>
  );
}

function FeatureTable(props: { features: readonly Feature[] }) {
  return (
    <div class="card table-wrap">
      <table>
        <thead>
          <tr>
            <th>Module</th>
            <th>State</th>
            <th>Stage</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {props.features.map((feature) => (
            <tr key={feature.id}>
              <td>
                {feature.title} <span class="mono muted">{feature.id}</span>
              </td>
              <td>
                <span class={`badge ${feature.enabled ? 'ok' : ''}`}>{feature.enabled ? 'on' : 'off'}</span>
              </td>
              <td>{feature.stage}</td>
              <td class="muted">{feature.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const COUNTS = ['waiting', 'active', 'delayed', 'dead'] as const;

function Queues() {
  const queues = useResource('queues', (signal) => get<{ items: QueueOverview[] }>('queues', {}, signal), 5_000);
  return (
    <section>
      <div class="head">
        <h2 class="grow">Queues</h2>
        <a href="/api/v1/queues/dashboard">Dashboard with jobs, retries and failures</a>
      </div>
      <ErrorNote error={queues.error} />
      <div class="card table-wrap">
        <table>
          <thead>
            <tr>
              <th>Queue</th>
              {COUNTS.map((name) => (
                <th class="number" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {queues.data?.items.map((queue) => (
              <tr key={queue.name}>
                <td class="mono">{queue.name}</td>
                {COUNTS.map((name) => (
                  <td class="number" key={name}>
                    {queue.counts[name] ?? 0}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
