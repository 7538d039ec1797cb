export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
export interface Principal {
  kind: 'user' | 'api-token';
  id: string;
  name: string;
  permissions: string[];
  environmentId: string | null;
}
export interface Environment {
  id: string;
  name: string;
  slug: string;
  kind: 'simulated' | 'host' | 'live';
  tickSeconds: number;
  retentionDays: number;
  maxSeries: number;
  createdAt: string;
}
export interface EnvironmentStatus {
  state: 'receiving' | 'stale' | 'no_data';
  reason: string | null;
  lastSampleAt: string | null;
  seriesCount: number;
}
export interface Series {
  id: number;
  labels: Record<string, string>;
  metricType: string;
  createdAt: string;
  endedAt: string | null;
}
export interface SampleSet {
  seriesId: number;
  times: number[];
  values: (number | null)[];
  downsampled: boolean;
}
export interface ScoreSet {
  seriesId: number;
  unit: 'raw' | 'per_second';
  times: number[];
  values: (number | null)[];
  score: (number | null)[];
  yhat: (number | null)[];
  yhatLower: (number | null)[];
  yhatUpper: (number | null)[];
}
export interface DetectionSummary {
  states: { learning: number; ok: number; stale: number; excluded: number };
  tickSeconds: number;
  scoredUntil: string | null;
  model: { id: string; version: string };
  lagSeconds: number | null;
}
export interface SeriesState {
  seriesId: number;
  labels: Record<string, string>;
  state: 'learning' | 'ok' | 'stale' | 'excluded';
  reason: string | null;
  score: number | null;
  since: string;
}
export interface Anomaly {
  id: string;
  seriesId: number;
  labels: Record<string, string>;
  detector: string;
  state: 'open' | 'ended';
  startedAt: string;
  endedAt: string | null;
  peakAt: string;
  score: number;
  value: number;
  yhat: number;
  yhatLower: number;
  yhatUpper: number;
}
export interface Evidence {
  anomalyId: string;
  seriesId: number;
  series: string;
  value: number;
  yhat: number;
  yhatLower: number;
  yhatUpper: number;
  score: number;
  startedAt: string;
  endedAt: string | null;
}
export type Severity = 'critical' | 'error' | 'warning' | 'info';
export type IncidentStatus = 'open' | 'acknowledged' | 'mitigated' | 'resolved';
export interface Incident {
  incidentId: string;
  number: number;
  environmentId: string;
  environmentName: string;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  sharedLabels: Record<string, string>;
  startedAt: string;
  updatedAt: string;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
  resolution: 'calm' | 'user' | 'merged' | null;
  mergedInto: string | null;
  anomalyCount: number;
  evidence: Evidence[];
}
export interface TimelineEntry {
  at: string;
  kind: string;
  actor: string | null;
  text: string;
}
export interface IncidentDetail extends Incident {
  timeline: TimelineEntry[];
}
export interface ApiToken {
  id: string;
  name: string;
  permissions: string[];
  environmentId: string | null;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}
export interface Feature {
  id: string;
  title: string;
  stage: string;
  enabled: boolean;
  reason: string;
}
export interface QueueOverview {
  name: string;
  counts: Record<string, number>;
}
