-- The schema that the migrations make, for reading and for review. Written by `npm run schema:dump`; do not edit.
-- Left out: partitions that are made at run time, the migrations' own table, and BullMQ's schema.

CREATE SEQUENCE telemetry_chunk_sequence AS bigint START 1 INCREMENT 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1;

CREATE OR REPLACE FUNCTION public.audit_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('dsim.audit_retention', true) = 'on' THEN
          RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit_entries is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $function$
;

CREATE TABLE anomaly_detection_anomalies (
  id uuid NOT NULL,
  environment_id uuid NOT NULL,
  series_id integer NOT NULL,
  labels jsonb NOT NULL,
  detector text NOT NULL,
  state text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  end_reason text,
  adopted boolean DEFAULT false NOT NULL,
  peak_at timestamp with time zone NOT NULL,
  score double precision NOT NULL,
  value double precision,
  yhat double precision,
  yhat_lower double precision,
  yhat_upper double precision,
  contributions jsonb,
  group_id uuid,
  silence jsonb,
  CONSTRAINT anomaly_detection_anomalies_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_anomalies_stretch_key UNIQUE (series_id, started_at),
  CONSTRAINT anomaly_detection_anomalies_end_reason_check CHECK ((end_reason = ANY (ARRAY['calm'::text, 'stale'::text, 'series-ended'::text, 'excluded'::text, 'adopted-silence'::text]))),
  CONSTRAINT anomaly_detection_anomalies_ended_check CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
  CONSTRAINT anomaly_detection_anomalies_state_check CHECK ((state = ANY (ARRAY['open'::text, 'ended'::text])))
);
CREATE INDEX anomaly_detection_anomalies_environment_idx ON anomaly_detection_anomalies USING btree (environment_id, started_at DESC, id DESC);
CREATE INDEX anomaly_detection_anomalies_group_idx ON anomaly_detection_anomalies USING btree (group_id, started_at) WHERE (group_id IS NOT NULL);
CREATE UNIQUE INDEX anomaly_detection_anomalies_one_open_of_kind_key ON anomaly_detection_anomalies USING btree (series_id, ((silence IS NOT NULL))) WHERE (state = 'open'::text);

CREATE TABLE anomaly_detection_environments (
  environment_id uuid NOT NULL,
  scored_until timestamp with time zone NOT NULL,
  series integer NOT NULL,
  CONSTRAINT anomaly_detection_environments_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE anomaly_detection_feedback (
  id uuid NOT NULL,
  environment_id uuid NOT NULL,
  kind text NOT NULL,
  scope text NOT NULL,
  series_id integer NOT NULL,
  labels jsonb NOT NULL,
  anomaly_id uuid,
  stretch_from timestamp with time zone NOT NULL,
  stretch_to timestamp with time zone NOT NULL,
  comment text NOT NULL,
  factors jsonb NOT NULL,
  effect jsonb NOT NULL,
  created_by text,
  created_at timestamp with time zone NOT NULL,
  undone_by text,
  undone_at timestamp with time zone,
  CONSTRAINT anomaly_detection_feedback_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_feedback_kind_check CHECK ((kind = ANY (ARRAY['not-an-anomaly'::text, 'missed'::text]))),
  CONSTRAINT anomaly_detection_feedback_scope_check CHECK ((scope = ANY (ARRAY['series'::text, 'like'::text]))),
  CONSTRAINT anomaly_detection_feedback_stretch_check CHECK ((stretch_from < stretch_to))
);
CREATE INDEX anomaly_detection_feedback_environment_idx ON anomaly_detection_feedback USING btree (environment_id, created_at DESC, id DESC);
CREATE INDEX anomaly_detection_feedback_series_idx ON anomaly_detection_feedback USING btree (environment_id, series_id);

CREATE TABLE anomaly_detection_group_states (
  environment_id uuid NOT NULL,
  state jsonb DEFAULT '{"groups": [], "version": 1}'::jsonb NOT NULL,
  calls jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT anomaly_detection_group_states_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE anomaly_detection_groups (
  id uuid NOT NULL,
  environment_id uuid NOT NULL,
  started_at timestamp with time zone NOT NULL,
  last_started_at timestamp with time zone NOT NULL,
  calm_since timestamp with time zone,
  ended_at timestamp with time zone,
  services text[] DEFAULT '{}'::text[] NOT NULL,
  anomalies integer NOT NULL,
  open_anomalies integer NOT NULL,
  peak_score double precision NOT NULL,
  peak_anomaly_id uuid NOT NULL,
  CONSTRAINT anomaly_detection_groups_pkey PRIMARY KEY (id)
);
CREATE INDEX anomaly_detection_groups_environment_idx ON anomaly_detection_groups USING btree (environment_id, started_at DESC, id DESC);

CREATE TABLE anomaly_detection_model_changes (
  id uuid NOT NULL,
  model_id uuid NOT NULL,
  environment_id uuid,
  from_stage text NOT NULL,
  to_stage text NOT NULL,
  replaced_id uuid,
  actor text NOT NULL,
  why text NOT NULL,
  at timestamp with time zone NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  undone_at timestamp with time zone,
  CONSTRAINT anomaly_detection_model_changes_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_model_changes_from_stage_check CHECK ((from_stage = ANY (ARRAY['candidate'::text, 'shadow'::text, 'active'::text, 'retired'::text]))),
  CONSTRAINT anomaly_detection_model_changes_to_stage_check CHECK ((to_stage = ANY (ARRAY['candidate'::text, 'shadow'::text, 'active'::text, 'retired'::text])))
);
CREATE INDEX anomaly_detection_model_changes_environment_idx ON anomaly_detection_model_changes USING btree (environment_id, sequence DESC);
CREATE INDEX anomaly_detection_model_changes_model_idx ON anomaly_detection_model_changes USING btree (model_id, sequence DESC);
CREATE INDEX anomaly_detection_model_changes_replaced_idx ON anomaly_detection_model_changes USING btree (replaced_id);

CREATE TABLE anomaly_detection_model_files (
  sha256 text NOT NULL,
  content bytea STORAGE EXTERNAL NOT NULL,
  CONSTRAINT anomaly_detection_model_files_pkey PRIMARY KEY (sha256)
);

CREATE TABLE anomaly_detection_model_stages (
  model_id uuid NOT NULL,
  environment_id uuid,
  kind text NOT NULL,
  stage text NOT NULL,
  since timestamp with time zone NOT NULL,
  CONSTRAINT anomaly_detection_model_stages_kind_check CHECK ((kind = ANY (ARRAY['window-model'::text, 'calibration'::text]))),
  CONSTRAINT anomaly_detection_model_stages_stage_check CHECK ((stage = ANY (ARRAY['candidate'::text, 'shadow'::text, 'active'::text, 'retired'::text])))
);
CREATE INDEX anomaly_detection_model_stages_environment_idx ON anomaly_detection_model_stages USING btree (environment_id);
CREATE UNIQUE INDEX anomaly_detection_model_stages_key ON anomaly_detection_model_stages USING btree (model_id, COALESCE(environment_id, '00000000-0000-0000-0000-000000000000'::uuid));
CREATE UNIQUE INDEX anomaly_detection_model_stages_one_active_key ON anomaly_detection_model_stages USING btree (kind, COALESCE(environment_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE (stage = 'active'::text);

CREATE TABLE anomaly_detection_models (
  id uuid NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  kind text NOT NULL,
  origin text NOT NULL,
  environment_id uuid,
  title text NOT NULL,
  description text NOT NULL,
  licence text,
  trained_on text,
  trained_from timestamp with time zone,
  trained_until timestamp with time zone,
  sha256 text NOT NULL,
  bytes integer NOT NULL,
  tensors jsonb,
  calibration jsonb,
  metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  created_by text NOT NULL,
  why text NOT NULL,
  suspended_at timestamp with time zone,
  suspended_reason text,
  CONSTRAINT anomaly_detection_models_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_models_version_key UNIQUE (name, version),
  CONSTRAINT anomaly_detection_models_calibration_check CHECK (((kind = 'calibration'::text) = (calibration IS NOT NULL))),
  CONSTRAINT anomaly_detection_models_kind_check CHECK ((kind = ANY (ARRAY['window-model'::text, 'calibration'::text, 'detector'::text]))),
  CONSTRAINT anomaly_detection_models_origin_check CHECK ((origin = ANY (ARRAY['built-in'::text, 'upload'::text, 'refit'::text]))),
  CONSTRAINT anomaly_detection_models_suspended_check CHECK (((suspended_at IS NULL) = (suspended_reason IS NULL)))
);
CREATE INDEX anomaly_detection_models_environment_idx ON anomaly_detection_models USING btree (environment_id);

CREATE TABLE anomaly_detection_presence (
  environment_id uuid NOT NULL,
  shard integer NOT NULL,
  taken_from timestamp with time zone NOT NULL,
  taken_until timestamp with time zone NOT NULL,
  tick_ms integer NOT NULL,
  shard_size integer NOT NULL,
  bits bytea NOT NULL,
  CONSTRAINT anomaly_detection_presence_pkey PRIMARY KEY (environment_id, shard, taken_until)
);

CREATE TABLE anomaly_detection_refits (
  id uuid NOT NULL,
  environment_id uuid NOT NULL,
  reason text NOT NULL,
  why text NOT NULL,
  state text NOT NULL,
  model_id uuid,
  started_at timestamp with time zone NOT NULL,
  decide_at timestamp with time zone,
  finished_at timestamp with time zone,
  outcome text,
  card jsonb,
  CONSTRAINT anomaly_detection_refits_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_refits_reason_check CHECK ((reason = ANY (ARRAY['schedule'::text, 'drift'::text, 'request'::text]))),
  CONSTRAINT anomaly_detection_refits_state_check CHECK ((state = ANY (ARRAY['fitting'::text, 'shadow'::text, 'promoted'::text, 'retired'::text, 'skipped'::text, 'failed'::text])))
);
CREATE INDEX anomaly_detection_refits_environment_idx ON anomaly_detection_refits USING btree (environment_id, id DESC);
CREATE INDEX anomaly_detection_refits_model_idx ON anomaly_detection_refits USING btree (model_id);
CREATE UNIQUE INDEX anomaly_detection_refits_one_open_key ON anomaly_detection_refits USING btree (environment_id) WHERE (state = ANY (ARRAY['fitting'::text, 'shadow'::text]));

CREATE TABLE anomaly_detection_series_states (
  environment_id uuid NOT NULL,
  series_id integer NOT NULL,
  state text NOT NULL,
  reason text,
  since timestamp with time zone NOT NULL,
  CONSTRAINT anomaly_detection_series_states_pkey PRIMARY KEY (environment_id, series_id),
  CONSTRAINT anomaly_detection_series_states_state_check CHECK ((state = ANY (ARRAY['learning'::text, 'ok'::text, 'stale'::text, 'excluded'::text])))
);
CREATE INDEX anomaly_detection_series_states_state_idx ON anomaly_detection_series_states USING btree (environment_id, state, series_id);

CREATE TABLE anomaly_detection_settings_heads (
  environment_id uuid NOT NULL,
  version integer DEFAULT 0 NOT NULL,
  feedback_revision integer DEFAULT 0 NOT NULL,
  CONSTRAINT anomaly_detection_settings_heads_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE anomaly_detection_settings_versions (
  environment_id uuid NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  comment text NOT NULL,
  restored_from integer,
  created_by text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT anomaly_detection_settings_versions_pkey PRIMARY KEY (environment_id, version),
  CONSTRAINT anomaly_detection_settings_versions_version_check CHECK ((version > 0))
);

CREATE TABLE anomaly_detection_shadow_anomalies (
  model_id uuid NOT NULL,
  environment_id uuid NOT NULL,
  series_id integer NOT NULL,
  judge text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  score double precision NOT NULL,
  CONSTRAINT anomaly_detection_shadow_anomalies_pkey PRIMARY KEY (model_id, environment_id, series_id, judge, started_at),
  CONSTRAINT anomaly_detection_shadow_anomalies_judge_check CHECK ((judge = ANY (ARRAY['active'::text, 'shadow'::text])))
);
CREATE INDEX anomaly_detection_shadow_anomalies_environment_idx ON anomaly_detection_shadow_anomalies USING btree (environment_id, started_at);

CREATE TABLE anomaly_detection_shadow_hours (
  model_id uuid NOT NULL,
  environment_id uuid NOT NULL,
  hour timestamp with time zone NOT NULL,
  points bigint NOT NULL,
  series_seconds double precision NOT NULL,
  both_calm bigint NOT NULL,
  both_above bigint NOT NULL,
  only_active bigint NOT NULL,
  only_shadow bigint NOT NULL,
  score_difference double precision NOT NULL,
  active_anomalies integer NOT NULL,
  shadow_anomalies integer NOT NULL,
  CONSTRAINT anomaly_detection_shadow_hours_pkey PRIMARY KEY (model_id, environment_id, hour)
);
CREATE INDEX anomaly_detection_shadow_hours_environment_idx ON anomaly_detection_shadow_hours USING btree (environment_id, hour);

CREATE TABLE anomaly_detection_shadow_shards (
  environment_id uuid NOT NULL,
  shard integer NOT NULL,
  model_id uuid NOT NULL,
  began_at timestamp with time zone NOT NULL,
  counted_until timestamp with time zone NOT NULL,
  trackers jsonb NOT NULL,
  hour timestamp with time zone,
  counts jsonb,
  CONSTRAINT anomaly_detection_shadow_shards_pkey PRIMARY KEY (environment_id, shard, model_id)
);
CREATE INDEX anomaly_detection_shadow_shards_model_idx ON anomaly_detection_shadow_shards USING btree (model_id);

CREATE TABLE anomaly_detection_shards (
  environment_id uuid NOT NULL,
  shard integer NOT NULL,
  scored_until timestamp with time zone NOT NULL,
  series integer DEFAULT 0 NOT NULL,
  trackers jsonb DEFAULT '{}'::jsonb NOT NULL,
  learned_from timestamp with time zone,
  learning_from timestamp with time zone,
  learning_until timestamp with time zone,
  learned_until timestamp with time zone,
  CONSTRAINT anomaly_detection_shards_pkey PRIMARY KEY (environment_id, shard)
);

CREATE TABLE anomaly_detection_signals (
  environment_id uuid NOT NULL,
  tick_ms integer NOT NULL,
  derived_until timestamp with time zone NOT NULL,
  models_until timestamp with time zone NOT NULL,
  models bytea STORAGE EXTERNAL,
  signals integer DEFAULT 0 NOT NULL,
  left_out integer DEFAULT 0 NOT NULL,
  CONSTRAINT anomaly_detection_signals_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE anomaly_detection_silence (
  environment_id uuid NOT NULL,
  watched_until timestamp with time zone NOT NULL,
  snapshot_until timestamp with time zone,
  snapshot_tick_ms integer,
  snapshot bytea STORAGE EXTERNAL,
  CONSTRAINT anomaly_detection_silence_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE anomaly_detection_snapshots (
  environment_id uuid NOT NULL,
  shard integer NOT NULL,
  kind text NOT NULL,
  detector text NOT NULL,
  shard_size integer NOT NULL,
  tick_ms integer NOT NULL,
  taken_until timestamp with time zone NOT NULL,
  learned_from timestamp with time zone NOT NULL,
  series integer NOT NULL,
  states bytea STORAGE EXTERNAL NOT NULL,
  written_at timestamp with time zone DEFAULT now() NOT NULL,
  memories bytea STORAGE EXTERNAL,
  CONSTRAINT anomaly_detection_snapshots_pkey PRIMARY KEY (environment_id, shard, kind),
  CONSTRAINT anomaly_detection_snapshots_kind_check CHECK ((kind = ANY (ARRAY['scoring'::text, 'learned'::text])))
);

CREATE TABLE anomaly_detection_studies (
  id uuid NOT NULL,
  environment_id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  request jsonb NOT NULL,
  state text NOT NULL,
  reason text,
  done integer DEFAULT 0 NOT NULL,
  total integer DEFAULT 0 NOT NULL,
  result jsonb,
  created_by text,
  created_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  CONSTRAINT anomaly_detection_studies_pkey PRIMARY KEY (id),
  CONSTRAINT anomaly_detection_studies_kind_check CHECK ((kind = ANY (ARRAY['settings-preview'::text, 'feedback-preview'::text, 'score-card'::text]))),
  CONSTRAINT anomaly_detection_studies_result_check CHECK (((state = 'finished'::text) = (result IS NOT NULL))),
  CONSTRAINT anomaly_detection_studies_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'finished'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX anomaly_detection_studies_environment_idx ON anomaly_detection_studies USING btree (environment_id, kind, created_at DESC, id DESC);
CREATE INDEX anomaly_detection_studies_unfinished_idx ON anomaly_detection_studies USING btree (created_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE TABLE audit_entries (
  id uuid NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  action text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  environment_id uuid,
  outcome text NOT NULL,
  details jsonb DEFAULT '{}'::jsonb NOT NULL,
  request_id text,
  ip text,
  CONSTRAINT audit_entries_pkey PRIMARY KEY (id),
  CONSTRAINT audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api-token'::text, 'system'::text, 'anonymous'::text]))),
  CONSTRAINT audit_entries_outcome_check CHECK ((outcome = ANY (ARRAY['allowed'::text, 'denied'::text, 'failed'::text])))
);
CREATE INDEX audit_entries_action_idx ON audit_entries USING btree (action, at DESC, id DESC);
CREATE INDEX audit_entries_at_idx ON audit_entries USING btree (at DESC, id DESC);
CREATE INDEX audit_entries_subject_idx ON audit_entries USING btree (subject_type, subject_id, at DESC, id DESC);

CREATE TABLE auth_api_tokens (
  id uuid NOT NULL,
  name text NOT NULL,
  lookup text NOT NULL,
  hash text NOT NULL,
  permissions text[] NOT NULL,
  environment_id uuid,
  created_by uuid NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT auth_api_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT auth_api_tokens_lookup_key UNIQUE (lookup)
);
CREATE INDEX auth_api_tokens_created_at_idx ON auth_api_tokens USING btree (created_at DESC, id DESC);
CREATE INDEX auth_api_tokens_environment_id_idx ON auth_api_tokens USING btree (environment_id);

CREATE TABLE auth_login_throttles (
  key text NOT NULL,
  attempts integer NOT NULL,
  last_attempt_at timestamp with time zone NOT NULL,
  locked_until timestamp with time zone,
  CONSTRAINT auth_login_throttles_pkey PRIMARY KEY (key)
);
CREATE INDEX auth_login_throttles_last_attempt_at_idx ON auth_login_throttles USING btree (last_attempt_at);

CREATE TABLE auth_password_credentials (
  user_id uuid NOT NULL,
  hash text NOT NULL,
  generated boolean DEFAULT false NOT NULL,
  changed_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT auth_password_credentials_pkey PRIMARY KEY (user_id)
);

CREATE TABLE auth_secrets (
  name text NOT NULL,
  secret text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT auth_secrets_pkey PRIMARY KEY (name)
);

CREATE TABLE auth_sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  ip text,
  CONSTRAINT auth_sessions_pkey PRIMARY KEY (id)
);
CREATE INDEX auth_sessions_expires_at_idx ON auth_sessions USING btree (expires_at);
CREATE INDEX auth_sessions_user_id_idx ON auth_sessions USING btree (user_id);

CREATE TABLE auth_users (
  id uuid NOT NULL,
  username text NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  disabled_at timestamp with time zone,
  CONSTRAINT auth_users_pkey PRIMARY KEY (id),
  CONSTRAINT auth_users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'operator'::text, 'viewer'::text])))
);
CREATE UNIQUE INDEX auth_users_username_key ON auth_users USING btree (lower(username));

CREATE TABLE environments_environments (
  id uuid NOT NULL,
  key integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  slug text NOT NULL,
  kind text NOT NULL,
  tick_seconds integer NOT NULL,
  retention_days integer NOT NULL,
  max_series integer NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT environments_environments_pkey PRIMARY KEY (id),
  CONSTRAINT environments_environments_key_key UNIQUE (key),
  CONSTRAINT environments_environments_slug_key UNIQUE (slug),
  CONSTRAINT environments_environments_kind_check CHECK ((kind = ANY (ARRAY['simulated'::text, 'host'::text, 'live'::text]))),
  CONSTRAINT environments_environments_max_series_check CHECK ((max_series > 0)),
  CONSTRAINT environments_environments_retention_days_check CHECK ((retention_days > 0)),
  CONSTRAINT environments_environments_tick_seconds_check CHECK ((tick_seconds > 0))
);

CREATE TABLE environments_event_times (
  environment_id uuid NOT NULL,
  event_time timestamp with time zone NOT NULL,
  CONSTRAINT environments_event_times_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE incidents_evidence (
  anomaly_id text NOT NULL,
  incident_id uuid NOT NULL,
  series_id integer NOT NULL,
  labels jsonb NOT NULL,
  topic text NOT NULL,
  signal text,
  detector text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  end_reason text,
  peak_at timestamp with time zone NOT NULL,
  score double precision NOT NULL,
  value double precision,
  yhat double precision,
  yhat_lower double precision,
  yhat_upper double precision,
  added_at timestamp with time zone NOT NULL,
  group_id uuid,
  CONSTRAINT incidents_evidence_pkey PRIMARY KEY (anomaly_id),
  CONSTRAINT incidents_evidence_end_reason_check CHECK ((end_reason = ANY (ARRAY['calm'::text, 'stale'::text, 'series-ended'::text, 'excluded'::text, 'adopted-silence'::text])))
);
CREATE INDEX incidents_evidence_incident_idx ON incidents_evidence USING btree (incident_id, score DESC, anomaly_id);

CREATE TABLE incidents_incidents (
  id uuid NOT NULL,
  number integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  environment_id uuid NOT NULL,
  status text NOT NULL,
  severity text NOT NULL,
  severity_reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
  title text NOT NULL,
  shared_labels jsonb DEFAULT '{}'::jsonb NOT NULL,
  reach jsonb NOT NULL,
  started_at timestamp with time zone NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  acknowledged_by text,
  acknowledged_at timestamp with time zone,
  resolved_by text,
  resolved_at timestamp with time zone,
  resolution text,
  merged_into uuid,
  CONSTRAINT incidents_incidents_pkey PRIMARY KEY (id),
  CONSTRAINT incidents_incidents_number_key UNIQUE (number),
  CONSTRAINT incidents_incidents_resolution_check CHECK ((resolution = ANY (ARRAY['calm'::text, 'user'::text, 'merged'::text]))),
  CONSTRAINT incidents_incidents_resolved_check CHECK ((((status = 'resolved'::text) = (resolved_at IS NOT NULL)) AND ((status = 'resolved'::text) = (resolution IS NOT NULL)))),
  CONSTRAINT incidents_incidents_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  CONSTRAINT incidents_incidents_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'mitigated'::text, 'resolved'::text])))
);
CREATE INDEX incidents_incidents_active_idx ON incidents_incidents USING btree (environment_id) WHERE (status <> 'resolved'::text);
CREATE INDEX incidents_incidents_environment_idx ON incidents_incidents USING btree (environment_id, number DESC);
CREATE INDEX incidents_incidents_merged_into_idx ON incidents_incidents USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX incidents_incidents_resolved_idx ON incidents_incidents USING btree (environment_id, resolved_at) WHERE (status = 'resolved'::text);

CREATE TABLE incidents_pending (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  environment_id uuid NOT NULL,
  news jsonb NOT NULL,
  CONSTRAINT incidents_pending_pkey PRIMARY KEY (id)
);
CREATE INDEX incidents_pending_environment_idx ON incidents_pending USING btree (environment_id, id);

CREATE TABLE incidents_timeline (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  incident_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  kind text NOT NULL,
  actor text,
  text text NOT NULL,
  data jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT incidents_timeline_pkey PRIMARY KEY (id)
);
CREATE INDEX incidents_timeline_incident_idx ON incidents_timeline USING btree (incident_id, id);

CREATE TABLE notifications_alert_labels (
  incident_id uuid NOT NULL,
  labels_key text NOT NULL,
  environment_id uuid NOT NULL,
  labels jsonb NOT NULL,
  replaced_at timestamp with time zone,
  CONSTRAINT notifications_alert_labels_pkey PRIMARY KEY (incident_id, labels_key)
);
CREATE INDEX notifications_alert_labels_environment_idx ON notifications_alert_labels USING btree (environment_id);
CREATE INDEX notifications_alert_labels_replaced_idx ON notifications_alert_labels USING btree (replaced_at);

CREATE TABLE notifications_deliveries (
  id uuid NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  channel text NOT NULL,
  target text NOT NULL,
  destination text NOT NULL,
  environment_id uuid,
  incident_id uuid,
  incident_number integer,
  incident jsonb,
  status text DEFAULT 'pending'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone,
  give_up_at timestamp with time zone NOT NULL,
  reason text,
  detail text,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT notifications_deliveries_pkey PRIMARY KEY (id),
  CONSTRAINT notifications_deliveries_event_key UNIQUE (event_id, channel, target),
  CONSTRAINT notifications_deliveries_pending_check CHECK (((status = 'pending'::text) = (next_attempt_at IS NOT NULL))),
  CONSTRAINT notifications_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX notifications_deliveries_due_idx ON notifications_deliveries USING btree (next_attempt_at) WHERE (status = 'pending'::text);
CREATE INDEX notifications_deliveries_environment_idx ON notifications_deliveries USING btree (environment_id, id DESC);
CREATE INDEX notifications_deliveries_finished_idx ON notifications_deliveries USING btree (finished_at);
CREATE INDEX notifications_deliveries_incident_idx ON notifications_deliveries USING btree (incident_id, channel, target, id DESC);

CREATE TABLE platform_events (
  id uuid NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
  type text NOT NULL,
  version integer NOT NULL,
  environment_id uuid,
  payload jsonb NOT NULL,
  trace jsonb,
  occurred_at timestamp with time zone DEFAULT now() NOT NULL,
  dispatched_at timestamp with time zone,
  CONSTRAINT platform_events_pkey PRIMARY KEY (id)
);
CREATE INDEX platform_events_dispatched ON platform_events USING btree (dispatched_at);
CREATE INDEX platform_events_transaction ON platform_events USING btree (transaction_id);
CREATE INDEX platform_events_undispatched ON platform_events USING btree (sequence) WHERE (dispatched_at IS NULL);

CREATE TABLE simulation_frames (
  environment_id uuid NOT NULL,
  frame_time timestamp with time zone NOT NULL,
  catalogue_step integer NOT NULL,
  catalogue bytea NOT NULL,
  sample_values bytea NOT NULL,
  CONSTRAINT simulation_frames_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE simulation_interventions (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  environment_id uuid NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  actor text,
  requested_at timestamp with time zone NOT NULL,
  step integer,
  refusal text,
  CONSTRAINT simulation_interventions_pkey PRIMARY KEY (id),
  CONSTRAINT simulation_interventions_kind_check CHECK ((kind = ANY (ARRAY['inject-fault'::text, 'clear-fault'::text, 'change'::text])))
);
CREATE INDEX simulation_interventions_environment_idx ON simulation_interventions USING btree (environment_id, id);

CREATE TABLE simulation_runs (
  id uuid NOT NULL,
  scenario_name text NOT NULL,
  title text NOT NULL,
  library_name text,
  source text NOT NULL,
  overrides jsonb NOT NULL,
  scenario bytea NOT NULL,
  seed bigint NOT NULL,
  solver text NOT NULL,
  state text NOT NULL,
  reason text,
  steps integer NOT NULL,
  done_steps integer DEFAULT 0 NOT NULL,
  passed boolean,
  report jsonb,
  created_by text,
  created_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  CONSTRAINT simulation_runs_pkey PRIMARY KEY (id),
  CONSTRAINT simulation_runs_report_check CHECK (((state = 'finished'::text) = (report IS NOT NULL))),
  CONSTRAINT simulation_runs_solver_check CHECK ((solver = ANY (ARRAY['fluid'::text, 'discrete-event'::text]))),
  CONSTRAINT simulation_runs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'finished'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX simulation_runs_finished_idx ON simulation_runs USING btree (finished_at);

CREATE TABLE simulation_simulations (
  environment_id uuid NOT NULL,
  scenario_name text NOT NULL,
  title text NOT NULL,
  teaches text NOT NULL,
  library_name text,
  source text NOT NULL,
  scenario bytea NOT NULL,
  seed bigint NOT NULL,
  solver text NOT NULL,
  series jsonb NOT NULL,
  state text NOT NULL,
  reason text,
  speed double precision NOT NULL,
  catch_up boolean NOT NULL,
  started_at timestamp with time zone NOT NULL,
  history_steps integer DEFAULT 0 NOT NULL,
  step integer DEFAULT 0 NOT NULL,
  target_step integer DEFAULT 0 NOT NULL,
  step_until integer DEFAULT 0 NOT NULL,
  paced_step integer DEFAULT 0 NOT NULL,
  paced_at timestamp with time zone NOT NULL,
  status jsonb,
  ground_truth jsonb,
  owner text,
  owned_until timestamp with time zone,
  created_by text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT simulation_simulations_pkey PRIMARY KEY (environment_id),
  CONSTRAINT simulation_simulations_solver_check CHECK ((solver = ANY (ARRAY['fluid'::text, 'discrete-event'::text]))),
  CONSTRAINT simulation_simulations_speed_check CHECK ((speed > (0)::double precision)),
  CONSTRAINT simulation_simulations_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'failed'::text]))),
  CONSTRAINT simulation_simulations_target_check CHECK ((target_step >= step))
);

CREATE TABLE simulation_snapshots (
  environment_id uuid NOT NULL,
  step integer NOT NULL,
  engine_version text NOT NULL,
  state bytea NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  CONSTRAINT simulation_snapshots_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE telemetry_chunks (
  sequence bigint NOT NULL,
  start_time timestamp with time zone NOT NULL,
  end_time timestamp with time zone NOT NULL,
  environment_key integer NOT NULL,
  series_id integer NOT NULL,
  samples integer NOT NULL,
  payload bytea STORAGE EXTERNAL NOT NULL
) PARTITION BY LIST (environment_key);
CREATE INDEX telemetry_chunks_series ON telemetry_chunks USING btree (series_id, start_time);
CREATE INDEX telemetry_chunks_time ON telemetry_chunks USING brin (start_time) WITH (pages_per_range='32', autosummarize='on');

CREATE TABLE telemetry_chunks_recent (
  sequence bigint NOT NULL,
  start_time timestamp with time zone NOT NULL,
  end_time timestamp with time zone NOT NULL,
  environment_key integer NOT NULL,
  series_id integer NOT NULL,
  samples integer NOT NULL,
  payload bytea STORAGE EXTERNAL NOT NULL
) PARTITION BY LIST (environment_key);
CREATE INDEX telemetry_chunks_recent_series ON telemetry_chunks_recent USING btree (series_id, start_time);

CREATE TABLE telemetry_environments (
  environment_id uuid NOT NULL,
  environment_key integer NOT NULL,
  last_sample_at timestamp with time zone,
  CONSTRAINT telemetry_environments_pkey PRIMARY KEY (environment_id)
);

CREATE TABLE telemetry_journal (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  environment_id uuid NOT NULL,
  environment_key integer NOT NULL,
  received_at timestamp with time zone DEFAULT now() NOT NULL,
  min_time timestamp with time zone NOT NULL,
  max_time timestamp with time zone NOT NULL,
  samples integer NOT NULL,
  payload bytea STORAGE EXTERNAL NOT NULL,
  quarantined_at timestamp with time zone,
  min_series integer,
  max_series integer,
  CONSTRAINT telemetry_journal_pkey PRIMARY KEY (id),
  CONSTRAINT telemetry_journal_samples_check CHECK ((samples > 0))
) WITH (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=1000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500, vacuum_truncate=false);
CREATE INDEX telemetry_journal_environment ON telemetry_journal USING btree (environment_id, id);

CREATE TABLE telemetry_late_hours (
  environment_id uuid NOT NULL,
  hour timestamp with time zone NOT NULL,
  writes integer NOT NULL,
  last_written_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT telemetry_late_hours_pkey PRIMARY KEY (environment_id, hour)
);

CREATE TABLE telemetry_metadata (
  environment_id uuid NOT NULL,
  metric_family text NOT NULL,
  metric_type text NOT NULL,
  help text NOT NULL,
  unit text NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT telemetry_metadata_pkey PRIMARY KEY (environment_id, metric_family)
);

CREATE TABLE telemetry_series (
  id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  environment_id uuid NOT NULL,
  environment_key integer NOT NULL,
  labels jsonb NOT NULL,
  metric_name text NOT NULL,
  labels_hash bytea NOT NULL,
  metric_type text DEFAULT 'unknown'::text NOT NULL,
  derived_from integer,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT telemetry_series_pkey PRIMARY KEY (id),
  CONSTRAINT telemetry_series_environment_labels_key UNIQUE (environment_id, labels_hash),
  CONSTRAINT telemetry_series_labels_hash_check CHECK ((length(labels_hash) = 16))
);
CREATE INDEX telemetry_series_derived_from ON telemetry_series USING btree (derived_from) WHERE (derived_from IS NOT NULL);
CREATE INDEX telemetry_series_ended ON telemetry_series USING btree (environment_id) WHERE (ended_at IS NOT NULL);
CREATE INDEX telemetry_series_environment_id ON telemetry_series USING btree (environment_id, id);
CREATE INDEX telemetry_series_environment_metric ON telemetry_series USING btree (environment_id, metric_name, id);
CREATE INDEX telemetry_series_labels ON telemetry_series USING gin (labels jsonb_path_ops);

ALTER TABLE anomaly_detection_anomalies
  ADD CONSTRAINT anomaly_detection_anomalies_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_environments
  ADD CONSTRAINT anomaly_detection_environments_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_feedback
  ADD CONSTRAINT anomaly_detection_feedback_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_group_states
  ADD CONSTRAINT anomaly_detection_group_states_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_groups
  ADD CONSTRAINT anomaly_detection_groups_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_model_changes
  ADD CONSTRAINT anomaly_detection_model_changes_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_model_changes
  ADD CONSTRAINT anomaly_detection_model_changes_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_model_changes
  ADD CONSTRAINT anomaly_detection_model_changes_replaced_id_fkey FOREIGN KEY (replaced_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_model_stages
  ADD CONSTRAINT anomaly_detection_model_stages_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_model_stages
  ADD CONSTRAINT anomaly_detection_model_stages_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_models
  ADD CONSTRAINT anomaly_detection_models_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_presence
  ADD CONSTRAINT anomaly_detection_presence_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_refits
  ADD CONSTRAINT anomaly_detection_refits_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_refits
  ADD CONSTRAINT anomaly_detection_refits_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_series_states
  ADD CONSTRAINT anomaly_detection_series_states_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_settings_heads
  ADD CONSTRAINT anomaly_detection_settings_heads_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_settings_versions
  ADD CONSTRAINT anomaly_detection_settings_versions_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_anomalies
  ADD CONSTRAINT anomaly_detection_shadow_anomalies_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_anomalies
  ADD CONSTRAINT anomaly_detection_shadow_anomalies_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_hours
  ADD CONSTRAINT anomaly_detection_shadow_hours_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_hours
  ADD CONSTRAINT anomaly_detection_shadow_hours_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_shards
  ADD CONSTRAINT anomaly_detection_shadow_shards_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shadow_shards
  ADD CONSTRAINT anomaly_detection_shadow_shards_model_id_fkey FOREIGN KEY (model_id) REFERENCES anomaly_detection_models(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_shards
  ADD CONSTRAINT anomaly_detection_shards_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_signals
  ADD CONSTRAINT anomaly_detection_signals_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_silence
  ADD CONSTRAINT anomaly_detection_silence_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_snapshots
  ADD CONSTRAINT anomaly_detection_snapshots_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE anomaly_detection_studies
  ADD CONSTRAINT anomaly_detection_studies_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE auth_api_tokens
  ADD CONSTRAINT auth_api_tokens_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE auth_password_credentials
  ADD CONSTRAINT auth_password_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE;

ALTER TABLE auth_sessions
  ADD CONSTRAINT auth_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE;

ALTER TABLE environments_event_times
  ADD CONSTRAINT environments_event_times_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE incidents_evidence
  ADD CONSTRAINT incidents_evidence_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents_incidents(id) ON DELETE CASCADE;

ALTER TABLE incidents_incidents
  ADD CONSTRAINT incidents_incidents_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE incidents_incidents
  ADD CONSTRAINT incidents_incidents_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incidents_incidents(id) ON DELETE SET NULL;

ALTER TABLE incidents_pending
  ADD CONSTRAINT incidents_pending_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE incidents_timeline
  ADD CONSTRAINT incidents_timeline_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents_incidents(id) ON DELETE CASCADE;

ALTER TABLE notifications_alert_labels
  ADD CONSTRAINT notifications_alert_labels_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE notifications_deliveries
  ADD CONSTRAINT notifications_deliveries_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE simulation_frames
  ADD CONSTRAINT simulation_frames_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES simulation_simulations(environment_id) ON DELETE CASCADE;

ALTER TABLE simulation_interventions
  ADD CONSTRAINT simulation_interventions_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES simulation_simulations(environment_id) ON DELETE CASCADE;

ALTER TABLE simulation_simulations
  ADD CONSTRAINT simulation_simulations_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE simulation_snapshots
  ADD CONSTRAINT simulation_snapshots_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES simulation_simulations(environment_id) ON DELETE CASCADE;

ALTER TABLE telemetry_environments
  ADD CONSTRAINT telemetry_environments_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE telemetry_journal
  ADD CONSTRAINT telemetry_journal_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE telemetry_late_hours
  ADD CONSTRAINT telemetry_late_hours_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE telemetry_metadata
  ADD CONSTRAINT telemetry_metadata_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

ALTER TABLE telemetry_series
  ADD CONSTRAINT telemetry_series_derived_from_fkey FOREIGN KEY (derived_from) REFERENCES telemetry_series(id) ON DELETE CASCADE;

ALTER TABLE telemetry_series
  ADD CONSTRAINT telemetry_series_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environments_environments(id) ON DELETE CASCADE;

CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();

CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
