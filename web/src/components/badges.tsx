import type { EnvironmentStatus, IncidentStatus, Severity } from '../api/types';

export function SeverityBadge(props: { severity: Severity }) {
  return <span class={`badge ${props.severity}`}>{props.severity}</span>;
}

const STATUS_CLASS: Readonly<Record<IncidentStatus, string>> = {
  open: 'critical',
  acknowledged: 'warning',
  mitigated: 'info',
  resolved: 'ok',
};

export function IncidentStatusBadge(props: { status: IncidentStatus }) {
  return <span class={`badge ${STATUS_CLASS[props.status]}`}>{props.status}</span>;
}

const RECEIVING: Readonly<Record<EnvironmentStatus['state'], readonly [string, string]>> = {
  receiving: ['ok', 'receiving'],
  stale: ['warning', 'stale'],
  no_data: ['', 'no data yet'],
};

export function ReceivingBadge(props: { status: EnvironmentStatus }) {
  const [style, text] = RECEIVING[props.status.state];
  return (
    <span class={`badge ${style}`} title={props.status.reason ?? undefined}>
      {text}
    </span>
  );
}
