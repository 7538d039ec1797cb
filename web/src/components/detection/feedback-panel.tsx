import { useState } from 'preact/hooks';
import { get, post, undo } from '../../api/client';
import type { Feedback, FeedbackPreview, Page } from '../../api/types';
import { useResource } from '../../lib/resource';
import { formatNumber } from '../../lib/format';
import { ErrorNote } from '../states';
import { Time } from '../time';
import { EffectView } from './effect-view';
import { isStudyOver, StudyProgress } from './study-progress';

const POLL_MS = 700;

export interface FeedbackSubject {
  readonly kind: Feedback['kind'];
  readonly anomalyId?: string;
  readonly seriesId?: number;
  readonly from?: string;
  readonly to?: string;
}

interface PanelProps {
  readonly environmentId: string;
  readonly seriesId: number;
  /** What the buttons offer, with their words. */
  readonly offers: readonly { readonly text: string; readonly subject: FeedbackSubject }[];
  readonly allowed: boolean;
  readonly onChange: () => void;
}

/** Says "not an anomaly" or "missed one", shows what that would do before it holds, and takes it back. */
export function FeedbackPanel(props: PanelProps) {
  const { environmentId, seriesId } = props;
  const base = `environments/${environmentId}/detection/feedback`;
  const [chosen, setChosen] = useState<FeedbackSubject>();
  const [failure, setFailure] = useState<Error>();
  const given = useResource(`feedback-${seriesId}`, (signal) =>
    get<Page<Feedback>>(base, { seriesId, limit: 20 }, signal),
  );
  const changed = (): void => {
    setChosen(undefined);
    given.reload();
    props.onChange();
  };
  const takeBack = (id: string): void => {
    setFailure(undefined);
    undo(`${base}/${id}`).then(changed, (error: Error) => setFailure(error));
  };
  return (
    <section class="card">
      <h2>Feedback</h2>
      {props.allowed && !chosen && (
        <div class="row" style={{ marginTop: '8px' }}>
          {props.offers.map(({ text, subject }) => (
            <button key={text} onClick={() => setChosen(subject)}>
              {text}
            </button>
          ))}
        </div>
      )}
      {chosen && <GiveFeedback base={base} environmentId={environmentId} subject={chosen} onDone={changed} />}
      <ErrorNote error={failure ?? given.error} />
      {given.data?.items.length === 0 && !chosen && (
        <p class="sub">
          Nobody has said anything about this series yet. Feedback turns its channels, and can be undone.
        </p>
      )}
      <ul class="plain" style={{ marginTop: '10px' }}>
        {given.data?.items.map((item) => (
          <li key={item.id}>
            <div class="row">
              <span class={`badge ${item.state === 'active' ? 'info' : ''}`}>
                {item.kind === 'missed' ? 'missed one' : 'not an anomaly'}
              </span>
              <span class="muted">
                <Time at={item.createdAt} date /> by {item.createdBy ?? 'unknown'}
                {item.scope === 'like' && ' · for all like it'}
                {item.state === 'undone' && ` · undone by ${item.undoneBy ?? 'unknown'}`}
              </span>
              {item.state === 'active' && props.allowed && (
                <button class="quiet" onClick={() => takeBack(item.id)}>
                  Undo
                </button>
              )}
            </div>
            {item.comment && <div>{item.comment}</div>}
            <div class="muted">{item.effect?.summary}</div>
            {item.factors && <Factors factors={item.factors} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function GiveFeedback(props: { base: string; environmentId: string; subject: FeedbackSubject; onDone: () => void }) {
  const [scope, setScope] = useState<'series' | 'like'>('series');
  const [comment, setComment] = useState('');
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const preview = useResource(`feedback-preview-${JSON.stringify(props.subject)}-${scope}`, () =>
    post<FeedbackPreview>(`${props.base}/preview`, { ...props.subject, scope }),
  );
  const id = preview.data?.id;
  const study = useResource(
    `feedback-study-${id}`,
    async (signal) => (id === undefined ? undefined : get<FeedbackPreview>(`${props.base}/preview/${id}`, {}, signal)),
    POLL_MS,
  );
  const current = study.data ?? preview.data;
  const save = (): void => {
    setBusy(true);
    post(`${props.base}`, { previewId: id, comment })
      .then(props.onDone, (error: Error) => setFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <div class="stack tight" style={{ marginTop: '8px' }}>
      <fieldset class="row plain-set">
        <legend class="muted">Holds for</legend>
        {(['series', 'like'] as const).map((value) => (
          <label key={value} class="check">
            <input type="radio" name="scope" checked={scope === value} onChange={() => setScope(value)} />
            {value === 'series' ? 'this series' : 'all series like it (same metric and service or job)'}
          </label>
        ))}
      </fieldset>
      <ErrorNote error={preview.error ?? study.error ?? failure} />
      {current && <StudyProgress study={current} />}
      {current?.result && (
        <div role="status">
          <p class="teaches">{current.result.effect.summary}</p>
          <Factors factors={current.result.factors} />
          <EffectView environmentId={props.environmentId} effect={current.result.effect} />
        </div>
      )}
      <label class="field">
        Why (for whoever asks later)
        <input value={comment} maxLength={1000} onInput={(event) => setComment(event.currentTarget.value)} />
      </label>
      <div class="row">
        <button
          class="primary"
          disabled={busy || !current || !isStudyOver(current) || current.result === null}
          onClick={save}
        >
          Save
        </button>
        <button onClick={props.onDone}>Cancel</button>
      </div>
    </div>
  );
}

/** Channels that feedback calms or sharpens. */
export function Factors(props: { factors: Readonly<Record<string, number>> }) {
  const entries = Object.entries(props.factors);
  if (entries.length === 0) return null;
  return (
    <div class="labels">
      {entries.map(([channel, factor]) => (
        <span key={channel} title={`Scores of this channel are divided by ${formatNumber(factor)}`}>
          {channel} {factor > 1 ? `${formatNumber(factor)}× calmer` : `${formatNumber(1 / factor)}× sharper`}
        </span>
      ))}
    </div>
  );
}
