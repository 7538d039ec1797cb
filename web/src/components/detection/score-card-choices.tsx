import { get } from '../../api/client';
import type { Page, ScoreCardChoices, SettingsVersion } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';

const SETTINGS_SHOWN = 6;

/** What each detector is, for those who have not met it. */
const ABOUT: Readonly<Record<ScoreCardChoices['detectors'][number], string>> = {
  'channel-ensemble': 'shipped: several ways of looking, calibrated',
  'robust-window': 'a short-term band',
  'windowed-gaussian': 'simple: mean and deviation of a window',
  'value-knn': 'simple: distance to values seen before',
  'range-novelty': 'simple: outside of the range seen before',
};

/** Settings, detectors and alert rules, as rows of a new score card. */
export function ScoredChoices(props: { id: string }) {
  const { id } = props;
  const versions = useResource(`settings-versions-${id}`, (signal) =>
    get<Page<SettingsVersion>>(`environments/${id}/detection/settings/versions`, { limit: 20 }, signal),
  );
  const choices = useResource(`score-card-choices-${id}`, (signal) =>
    get<ScoreCardChoices>(`environments/${id}/score-cards/choices`, {}, signal),
  );
  const saved = [{ version: 0, comment: 'no settings' }, ...(versions.data?.items ?? [])].slice(0, SETTINGS_SHOWN);
  return (
    <>
      <fieldset class="plain-set">
        <legend class="muted">Settings to compare, with the detector of the environment</legend>
        <label class="check">
          <input type="checkbox" name="configuration" value="current" defaultChecked />
          what holds now
        </label>
        {saved.map((item) => (
          <label key={item.version} class="check">
            <input type="checkbox" name="configuration" value={item.version} />
            version {item.version}: {item.comment}
          </label>
        ))}
      </fieldset>
      <fieldset class="plain-set">
        <legend class="muted">Detectors to compare, with the settings that hold now</legend>
        {choices.data?.detectors.map((detector) => (
          <label key={detector} class="check">
            <input type="checkbox" name="detector" value={detector} />
            <span>
              <span class="mono">{detector}</span> <span class="muted">{ABOUT[detector]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="plain-set">
        <legend class="muted">Alert rules to compare</legend>
        {choices.data?.rules.available === false && <p class="note">{choices.data.rules.reason}</p>}
        {choices.data?.rules.available && (
          <label class="field">
            Rule files of Prometheus
            <input name="rules" type="file" multiple accept=".yml,.yaml,.rules,.json" />
          </label>
        )}
      </fieldset>
      <ErrorNote error={versions.error ?? choices.error} retry={choices.reload} />
    </>
  );
}
