import { useState } from 'preact/hooks';
import { get, put } from '../../api/client';
import type { DetectionSettings, Principal, SettingsVersion } from '../../api/types';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { PreviewPanel } from '../../components/detection/preview-panel';
import { RuleList } from '../../components/detection/rule-list';
import { SettingsHistory } from '../../components/detection/settings-history';
import { ErrorNote, Loading } from '../../components/states';
import { useResource } from '../../lib/resource';
import { may } from '../../lib/session';

/** Detection settings of an environment: rules in order, with a preview on history before anything is saved. */
export function DetectionSettingsPage(props: { id: string; principal: Principal }) {
  const { id } = props;
  const [saves, setSaves] = useState(0);
  const current = useResource(`settings-${id}-${saves}`, (signal) =>
    get<SettingsVersion>(`environments/${id}/detection/settings`, {}, signal),
  );
  const allowed = may(props.principal, 'anomalies:write');
  return (
    <>
      <EnvironmentHead
        id={id}
        current="settings"
        text="What counts as an anomaly here. For each setting the first rule that matches a series decides."
      />
      <ErrorNote error={current.error} retry={current.reload} />
      {!current.data && current.loading && <Loading />}
      {current.data && (
        <div class="columns top">
          <Editor
            key={current.data.version}
            id={id}
            saved={current.data}
            allowed={allowed}
            onSaved={() => setSaves((count) => count + 1)}
          />
          <SettingsHistory
            id={id}
            current={current.data.version}
            allowed={allowed}
            onRestored={() => setSaves((count) => count + 1)}
          />
        </div>
      )}
    </>
  );
}

function Editor(props: { id: string; saved: SettingsVersion; allowed: boolean; onSaved: () => void }) {
  const { saved } = props;
  const [draft, setDraft] = useState<DetectionSettings>(saved.settings);
  const [comment, setComment] = useState('');
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(draft) !== JSON.stringify(saved.settings);
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    put(`environments/${props.id}/detection/settings`, { settings: draft, comment }, saved.version)
      .then(props.onSaved, (error: Error) => setFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack" onSubmit={save} aria-label="Detection settings">
      <section class="card">
        <label class="field">
          False alarms a week that are acceptable, for 1,000 series
          <input
            type="number"
            min={0.01}
            max={1000}
            step="any"
            required
            disabled={!props.allowed}
            value={draft.falseAlarmsPerWeek}
            onInput={(event) => setDraft({ ...draft, falseAlarmsPerWeek: event.currentTarget.valueAsNumber })}
          />
          <small>The boundary of every detector is set by this. More find more, and alarm more.</small>
        </label>
      </section>
      <RuleList rules={draft.rules} allowed={props.allowed} onChange={(rules) => setDraft({ ...draft, rules })} />
      {props.allowed && (
        <section class="card stack tight">
          <PreviewPanel id={props.id} draft={draft} />
          <label class="field">
            Why
            <input
              required
              maxLength={1000}
              value={comment}
              placeholder="for whoever reads the history"
              onInput={(event) => setComment(event.currentTarget.value)}
            />
          </label>
          <ErrorNote error={failure} />
          <div class="row">
            <button class="primary" type="submit" disabled={busy || !changed}>
              Save as version {saved.version + 1}
            </button>
            <button type="button" disabled={!changed} onClick={() => setDraft(saved.settings)}>
              Discard changes
            </button>
          </div>
        </section>
      )}
    </form>
  );
}
