import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { Environment, ModelChanges, ModelVersion } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { Time } from '../time';
import { ShadowCardView } from './shadow-card';
import { movesOf, placeName, type Move, type Verb } from './model-moves';

const STAGE_STYLE = { candidate: '', shadow: 'info', active: 'ok', retired: 'warning' } as const;
const VERBS = [
  ['promote', 'Promote'],
  ['roll-back', 'Roll back'],
  ['retire', 'Retire'],
] as const;

interface ModelCardProps {
  readonly model: ModelVersion;
  readonly environments: readonly Environment[];
  readonly allowed: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onChanged: () => void;
}

/** One version: where it comes from, its stages, and what may be done with it. */
export function ModelCard(props: ModelCardProps) {
  const { model, environments } = props;
  const [verb, setVerb] = useState<Verb | 'resume'>();
  const [history, setHistory] = useState(false);
  const offered = VERBS.map(([name, text]) => ({ name, text, moves: movesOf(model, name, environments) }));
  return (
    <section class="card" aria-label={`${model.name} ${model.version}`}>
      <div class="row">
        <h2>{model.title}</h2>
        <span class="mono">
          {model.name}@{model.version}
        </span>
        {model.stages.map(({ environmentId, stage }) => (
          <span key={environmentId ?? ''} class={`badge ${STAGE_STYLE[stage]}`}>
            {stage} {placeName(environmentId, environments)}
          </span>
        ))}
        {model.state === 'suspended' && <span class="badge critical">suspended</span>}
        <label class="check" style={{ marginLeft: 'auto' }}>
          <input type="checkbox" checked={props.chosen} onChange={props.onChoose} />
          compare
        </label>
      </div>
      <p class="sub">
        {model.kind} · {model.origin} · {formatNumber(model.bytes / 1024)} KiB · by {model.createdBy}{' '}
        <Time at={model.createdAt} date />
        {model.licence && ` · ${model.licence}`}
      </p>
      {model.description && <p class="teaches">{model.description}</p>}
      {model.reason && <p class="note">{model.reason}</p>}
      <div class="row" style={{ marginTop: '8px' }}>
        {props.allowed &&
          offered
            .filter(({ moves }) => moves.length > 0)
            .map(({ name, text }) => (
              <button
                key={name}
                aria-expanded={verb === name}
                onClick={() => setVerb(verb === name ? undefined : name)}
              >
                {text}
              </button>
            ))}
        {props.allowed && model.state === 'suspended' && (
          <button aria-expanded={verb === 'resume'} onClick={() => setVerb(verb === 'resume' ? undefined : 'resume')}>
            Resume
          </button>
        )}
        <button class="quiet" aria-expanded={history} onClick={() => setHistory(!history)}>
          Changes and figures
        </button>
      </div>
      {verb && (
        <ChangeStage
          key={verb}
          model={model}
          verb={verb}
          moves={offered.find(({ name }) => name === verb)?.moves ?? []}
          environments={environments}
          onDone={() => {
            setVerb(undefined);
            props.onChanged();
          }}
        />
      )}
      <ShadowCardView model={model} environments={environments} />
      {history && <Details model={model} environments={environments} />}
    </section>
  );
}

function ChangeStage(props: {
  model: ModelVersion;
  verb: Verb | 'resume';
  moves: readonly Move[];
  environments: readonly Environment[];
  onDone: () => void;
}) {
  const { model, verb, moves } = props;
  const [why, setWhy] = useState('');
  const [chosen, setChosen] = useState(moves[0]?.environmentId ?? null);
  const move = moves.find(({ environmentId }) => environmentId === chosen) ?? moves[0];
  const [failure, setFailure] = useState<Error>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setFailure(undefined);
    const body = verb === 'resume' ? { why } : { why, environmentId: move?.environmentId ?? null };
    post(`models/${model.id}/${verb}`, body).then(props.onDone, (error: Error) => setFailure(error));
  };
  return (
    <form class="stack tight" style={{ marginTop: '10px' }} onSubmit={submit}>
      <div class="row form-row">
        {verb !== 'resume' && (
          <label class="field">
            Where
            <select
              value={move?.environmentId ?? ''}
              disabled={moves.length < 2}
              onChange={(event) => setChosen(event.currentTarget.value || null)}
            >
              {moves.map(({ environmentId }) => (
                <option key={environmentId ?? ''} value={environmentId ?? ''}>
                  {placeName(environmentId, props.environments)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="field" style={{ flexGrow: 2 }}>
          Why
          <input required maxLength={2000} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
        </label>
        <button class="primary" type="submit">
          {verb === 'resume' ? 'Resume' : move?.text}
        </button>
      </div>
      <ErrorNote error={failure} />
    </form>
  );
}

function Details(props: { model: ModelVersion; environments: readonly Environment[] }) {
  const { model } = props;
  const changes = useResource(`model-changes-${model.id}`, (signal) =>
    get<ModelChanges>(`models/${model.id}/changes`, {}, signal),
  );
  return (
    <div class="columns even" style={{ marginTop: '10px' }}>
      <div>
        <h3>Changes</h3>
        <ErrorNote error={changes.error} />
        {changes.data?.items.length === 0 && <p class="sub">It has stayed a candidate.</p>}
        <ol class="timeline">
          {changes.data?.items.map((change) => (
            <li key={change.id}>
              <span class="muted">
                <Time at={change.at} date /> · {change.actor}
              </span>
              <div>
                {change.from} to {change.to}
                {` ${placeName(change.environmentId, props.environments)}`}
                {change.rolledBackAt && ' (rolled back)'}
              </div>
              <div class="muted">{change.why}</div>
            </li>
          ))}
        </ol>
      </div>
      <div>
        <h3>Facts</h3>
        <p class="sub">{model.why}</p>
        {model.trainedOn && <p class="sub">Trained on {model.trainedOn}</p>}
        <p class="sub mono">sha256 {model.sha256}</p>
        <ul class="plain">
          {[
            ...model.inputs.map((one) => ['in', one] as const),
            ...model.outputs.map((one) => ['out', one] as const),
          ].map(([way, tensor]) => (
            <li key={`${way} ${tensor.name}`} class="mono">
              {way} {tensor.name} {tensor.type} [{tensor.shape.join(', ')}]
            </li>
          ))}
        </ul>
        {Object.keys(model.metrics).length > 0 && <pre>{JSON.stringify(model.metrics, null, 2)}</pre>}
      </div>
    </div>
  );
}
