import type { components, paths } from './generated';

/** Names for the API's types. All come from docs/openapi.json: `npm run web:types` writes `generated.ts`. */
type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer Response } } }
  ? Json<Response>
  : never;
type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type Principal = Answer<'/api/v1/auth/me'>;
export type Environment = Answer<'/api/v1/environments'>['items'][number];
export type EnvironmentStatus = Answer<'/api/v1/environments/{environmentId}/status'>;
export type Series = Answer<'/api/v1/environments/{environmentId}/series'>['items'][number];
export type SampleSet = Answer<'/api/v1/environments/{environmentId}/samples'>['items'][number];
export type ScoreSet = Answer<'/api/v1/environments/{environmentId}/scores'>;
export type DetectionSummary = Answer<'/api/v1/environments/{environmentId}/detection'>;
export type Anomaly = Answer<'/api/v1/environments/{environmentId}/anomalies'>['items'][number];
export type Incident = Answer<'/api/v1/incidents'>['items'][number];
export type IncidentDetail = Schema<'IncidentDetail'>;
export type Evidence = IncidentDetail['evidence'][number];
export type Severity = Incident['severity'];
export type IncidentStatus = Incident['status'];
export type ApiToken = Answer<'/api/v1/api-tokens'>['items'][number];
export type SimulationSummary = Schema<'SimulationSummary'>;
export type SimulationDetail = Schema<'SimulationDetail'>;
export type SimulationStatus = Schema<'SimulationStatus'>;
export type ScenarioSummary = Schema<'ScenarioSummary'>;
export type ValidatedScenario = Schema<'ValidatedScenario'>;
export type ScenarioDetail = Schema<'ScenarioDetail'>;
export type SimulationRun = Schema<'SimulationRun'>;
export type FaultKind = Schema<'FaultVocabulary'>['items'][number];
export type GroundTruth = Schema<'GroundTruth'>;
export type Feature = Schema<'Feature'>;
export type QueueOverview = Schema<'Queue'>;
export type DetectionSettings = Schema<'DetectionSettings'>;
export type SettingsRule = Schema<'DetectionSettingsRule'>;
export type SettingsVersion = Schema<'DetectionSettingsVersion'>;
export type SettingsPreview = Schema<'DetectionSettingsPreview'>;
export type SettingsDiff = Answer<'/api/v1/environments/{environmentId}/detection/settings/diff'>;
export type SeriesSettings = Schema<'SeriesDetectionSettings'>;
export type SeriesState = Answer<'/api/v1/environments/{environmentId}/detection/series'>['items'][number];
export type Feedback = Schema<'DetectionFeedback'>;
export type FeedbackPreview = Schema<'DetectionFeedbackPreview'>;
export type ChangeEffect = NonNullable<SettingsPreview['result']>;
export type AnomalyExample = Schema<'AnomalyExample'>;
export type ScoreCard = Schema<'ScoreCard'>;
export type ScoreCardChoices = Schema<'ScoreCardChoices'>;
export type ScoreCardReport = Schema<'ScoreCardReport'>;
export type ScoreCardComparison = Schema<'ScoreCardComparison'>;
export type DetectorScore = Schema<'DetectorScore'>;
export type Estimate = Schema<'Estimate'>;
export type ModelVersion = Schema<'ModelVersion'>;
export type ModelChanges = Schema<'ModelChanges'>;
export type Refits = Schema<'Refits'>;
export type ModelComparison = Schema<'ModelComparison'>;
export type EnvironmentModels = Schema<'EnvironmentModels'>;
export type Refit = Schema<'Refit'>;
export type ShadowCard = Schema<'ShadowCard'>;
export type AnomalyDetail = Answer<'/api/v1/environments/{environmentId}/anomalies/{anomalyId}'>;
export type AnomalyGroup = Answer<'/api/v1/environments/{environmentId}/anomaly-groups'>['items'][number];
export type AnomalyGroupDetail = Answer<'/api/v1/environments/{environmentId}/anomaly-groups/{groupId}'>;
export type SeriesDetection = Schema<'SeriesDetection'>;
