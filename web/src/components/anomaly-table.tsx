import { get } from '../api/client';
import type { Anomaly, Page } from '../api/types';
import { expectedText } from '../lib/expected-text';
import { formatNumber } from '../lib/format';
import { useResource } from '../lib/resource';
import { SeriesLabel } from './series-label';
import { ErrorNote } from './states';
import { Time } from './time';

export function AnomalyTable(props: { environmentId: string; turn: number; learning: boolean }) {
  const anomalies = useResource(`anomalies-${props.environmentId}-${props.turn}`, (signal) =>
    get<Page<Anomaly>>(`environments/${props.environmentId}/anomalies`, { limit: 20 }, signal),
  );
  const items = anomalies.data?.items;
  return (
    <section style={{ marginTop: '24px' }}>
      <div class="head">
        <h2 class="grow">Recent anomalies</h2>
        <a href={`#/environments/${props.environmentId}/anomalies`}>All, by cause</a>
      </div>
      <ErrorNote error={anomalies.error} />
      <div class="card table-wrap">
        {items?.length === 0 ? (
          <p class="empty">
            {props.learning
              ? 'None yet: the series are still being learned, which takes a few minutes of samples.'
              : 'None so far. Every watched series stayed inside its band.'}
          </p>
        ) : (
          <table>
            <thead>
              <tr>
                <th>Series</th>
                <th>State</th>
                <th>From</th>
                <th>To</th>
                <th class="number">Value</th>
                <th class="number">Expected</th>
                <th class="number">Score</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((anomaly) => (
                <tr key={anomaly.id}>
                  <td>
                    <a href={`#/environments/${props.environmentId}/anomalies/${anomaly.id}`}>
                      <SeriesLabel labels={anomaly.labels} />
                    </a>
                  </td>
                  <td>
                    <span class={`badge ${anomaly.state === 'open' ? 'critical' : 'ok'}`}>{anomaly.state}</span>
                  </td>
                  <td>
                    <Time at={anomaly.startedAt} />
                  </td>
                  <td>{anomaly.endedAt ? <Time at={anomaly.endedAt} /> : '–'}</td>
                  <td class="number">{anomaly.silence ? 'no data' : formatNumber(anomaly.value)}</td>
                  <td class="number" title="expected, and the band around it">
                    {expectedText(anomaly)}
                  </td>
                  <td class="number">{formatNumber(anomaly.score)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}
