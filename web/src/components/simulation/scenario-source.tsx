import { useState } from 'preact/hooks';
import { get, request } from '../../api/client';
import type { ScenarioDetail, ScenarioSummary, ValidatedScenario } from '../../api/types';
import { useDelayed } from '../../lib/delayed';
import { formatDuration } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { Prose } from '../prose';
import { ErrorNote, Loading } from '../states';
import { issuesOf, type ScenarioChoice } from './scenario-choice';
import { YamlEditor } from './yaml-editor';

const OWN = '';
const CHECK_AFTER_MS = 500;

/** A scenario of the library, or a text that is checked while it is written. */
export function ScenarioSource(props: { value: ScenarioChoice; onChange: (choice: ScenarioChoice) => void }) {
  const { value, onChange } = props;
  const library = useResource('scenarios', (signal) => get<{ items: ScenarioSummary[] }>('scenarios', {}, signal));
  const [error, setError] = useState<Error>();
  if (!library.data) return library.error ? <ErrorNote error={library.error} retry={library.reload} /> : <Loading />;
  const scenario = library.data.items.find(({ name }) => name === value.name);
  const copy = (): void => {
    setError(undefined);
    get<ScenarioDetail>(`scenarios/${value.name}`).then(
      ({ text }) => onChange({ ...value, name: OWN, text }),
      (failure: Error) => setError(failure),
    );
  };
  return (
    <div class="stack tight">
      <div class="row form-row">
        <label class="field" style={{ flex: '1 1 220px' }}>
          Scenario
          <select value={value.name} onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}>
            {library.data.items.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
            <option value={OWN}>my own YAML</option>
          </select>
        </label>
        {value.name !== OWN && (
          <button type="button" onClick={copy}>
            Edit a copy
          </button>
        )}
      </div>
      <ErrorNote error={error} />
      {value.name === OWN ? (
        <OwnScenario text={value.text} onInput={(text) => onChange({ ...value, text })} />
      ) : (
        scenario && <About scenario={scenario} />
      )}
      <details>
        <summary>Change settings of the scenario</summary>
        <label class="field" style={{ marginTop: '8px' }}>
          <span>
            One <span class="mono">path=value</span> a line
          </span>
          <textarea
            rows={3}
            spellcheck={false}
            placeholder={'services.cart.replicas=5\nduration=2h'}
            value={value.overrides}
            onInput={(event) => onChange({ ...value, overrides: event.currentTarget.value })}
          />
        </label>
      </details>
    </div>
  );
}

function OwnScenario(props: { text: string; onInput: (text: string) => void }) {
  const text = useDelayed(props.text, CHECK_AFTER_MS);
  const check = useResource(`check-${text}`, (signal) =>
    text.trim() === ''
      ? Promise.resolve(undefined)
      : request<ValidatedScenario>('POST', 'scenarios/validate', { body: { text }, signal }),
  );
  const issues = issuesOf(check.error);
  return (
    <>
      <YamlEditor label="Scenario as YAML" value={props.text} issues={issues} onInput={props.onInput} />
      {issues.length === 0 && <ErrorNote error={check.error} retry={check.reload} />}
      {check.data && <About scenario={check.data} />}
      {check.data && <Notes notes={check.data.notes} />}
    </>
  );
}

function About({ scenario }: { scenario: ScenarioSummary }) {
  const planned = scenario.faults + scenario.changes;
  return (
    <div>
      <Prose text={scenario.teaches} />
      <p class="sub">
        {count(scenario.services, 'service')}, {count(scenario.stores, 'store')}, {count(scenario.pods, 'pod')} in{' '}
        {count(scenario.clusters, 'cluster')} for {formatDuration(scenario.durationSeconds)};{' '}
        {planned === 0 ? 'nothing is planned to go wrong' : `${planned} planned: faults, deploys and other changes`}
      </p>
    </div>
  );
}

/** What is written and has no effect. */
function Notes({ notes }: Pick<ValidatedScenario, 'notes'>) {
  if (notes.length === 0) return null;
  return (
    <ul class="sub" aria-label="Notes">
      {notes.map(({ line, path, message }) => (
        <li key={`${line} ${path} ${message}`}>
          Line {line}: <code>{path}</code>: {message}
        </li>
      ))}
    </ul>
  );
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
