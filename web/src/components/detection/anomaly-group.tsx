import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Anomaly, AnomalyGroup, AnomalyGroupDetail } from '../../api/types';
import { expectedText } from '../../lib/expected-text';
import { formatDuration, formatNumber } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { SeriesLabel } from '../series-label';
import { ErrorNote, Loading } from '../states';
import { Time } from '../time';
import { Sentence } from './sentence';

const STYLE = { open: 'critical', held: 'warning', ended: 'ok' } as const;
const SHOWN = 5;

export function AnomalyGroupCard(props: { environmentId: string; group: AnomalyGroup; open: boolean }) {
  const { environmentId, group } = props;
  const [open, setOpen] = useState(props.open);
  const end = group.calmSince;
  return (
    <section class="card" aria-label={`Group of ${group.anomalies} anomalies`}>
      <div class="row">
        <span
          class={`badge ${STYLE[group.state]}`}
          title={group.state === 'held' ? 'Calm, but what returns soon belongs to it' : undefined}
        >
          {group.state}
        </span>
        <h2 class="grow">
          {group.services.length > 0 ? group.services.join(', ') : 'Outside of services'}
          <span class="muted">
            {group.anomalies} {group.anomalies === 1 ? 'anomaly' : 'anomalies'}
            {group.openAnomalies > 0 && `, ${group.openAnomalies} open`} · score {formatNumber(group.peakScore)}
          </span>
        </h2>
        <button class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Less' : 'More'}
        </button>
      </div>
      <p class="sub">
        from <Time at={group.startedAt} date />
        {end && ` for ${formatDuration((Date.parse(end) - Date.parse(group.startedAt)) / 1e3)}`} ·{' '}
        <a href={`#/environments/${environmentId}/anomalies/${group.peakAnomalyId}`}>its strongest anomaly</a>
      </p>
      {open && <Members environmentId={environmentId} group={group} />}
    </section>
  );
}

function Members(props: { environmentId: string; group: AnomalyGroup }) {
  const { environmentId, group } = props;
  const [all, setAll] = useState(false);
  const detail = useResource(`group-${group.id}-${group.anomalies}-${group.state}`, (signal) =>
    get<AnomalyGroupDetail>(`environments/${environmentId}/anomaly-groups/${group.id}`, {}, signal),
  );
  if (!detail.data) return detail.error ? <ErrorNote error={detail.error} retry={detail.reload} /> : <Loading />;
  const strongest = [...detail.data.members].sort((a, b) => b.score - a.score);
  const rest = strongest.length - SHOWN;
  return (
    <>
      {detail.data.parts.length > 0 && <Sentence parts={detail.data.parts} class="teaches" />}
      <div class="table-wrap">
        <table>
          <thead>
            <tr>
              <th>Series</th>
              <th class="wide">From</th>
              <th class="wide">Channel</th>
              <th class="number">Value</th>
              <th class="number wide">Expected</th>
              <th class="number">Score</th>
            </tr>
          </thead>
          <tbody>
            {(all ? strongest : strongest.slice(0, SHOWN)).map((anomaly) => (
              <Row key={anomaly.id} environmentId={environmentId} anomaly={anomaly} />
            ))}
          </tbody>
        </table>
        {rest > 0 && !all && (
          <button class="quiet" onClick={() => setAll(true)}>
            {rest} more
          </button>
        )}
      </div>
    </>
  );
}

function Row(props: { environmentId: string; anomaly: Anomaly }) {
  const { anomaly } = props;
  return (
    <tr>
      <td>
        <a href={`#/environments/${props.environmentId}/anomalies/${anomaly.id}`}>
          <SeriesLabel labels={anomaly.labels} />
        </a>
      </td>
      <td class="wide">
        <Time at={anomaly.startedAt} date />
      </td>
      <td class="wide">{topChannel(anomaly.contributions) ?? '–'}</td>
      <td class="number">{anomaly.silence ? 'no data' : formatNumber(anomaly.value)}</td>
      <td class="number wide">{expectedText(anomaly)}</td>
      <td class="number">{formatNumber(anomaly.score)}</td>
    </tr>
  );
}

function topChannel(contributions: Anomaly['contributions']): string | undefined {
  return Object.entries(contributions ?? {}).sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0))[0]?.[0];
}
