import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Page, Series } from '../api/types';
import { type PinnedSeries, pinSeries } from '../lib/preferences';
import { useResource } from '../lib/resource';
import { SeriesLabel } from './series-label';
import { ErrorNote, Loading } from './states';

const MOST_PINNED = 24;

interface SeriesPickerProps {
  readonly environmentId: string;
  readonly chosen: readonly PinnedSeries[];
  readonly onClose: () => void;
}

export function SeriesPicker(props: SeriesPickerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [selected, setSelected] = useState(() => new Map(props.chosen.map((series) => [series.id, series])));
  const selector = asSelector(text);
  const found = useResource(`pick-${props.environmentId}-${selector ?? ''}`, (signal) =>
    get<Page<Series>>(`environments/${props.environmentId}/series`, { 'match[]': selector, limit: 100 }, signal),
  );
  useEffect(() => dialog.current?.showModal(), []);

  const toggle = (series: PinnedSeries): void => {
    const next = new Map(selected);
    if (!next.delete(series.id) && next.size < MOST_PINNED) next.set(series.id, series);
    setSelected(next);
  };
  const apply = (): void => {
    pinSeries(props.environmentId, [...selected.values()]);
    props.onClose();
  };
  return (
    <dialog ref={dialog} onClose={props.onClose} aria-label="Choose series">
      <div class="head">
        <h1 class="grow">Choose series</h1>
        <span class="muted">
          {selected.size} of at most {MOST_PINNED}
        </span>
      </div>
      <input
        style={{ width: '100%' }}
        class="mono"
        placeholder={'part of a name, or a selector: node_load1, {job="node",mode=~"user|system"}'}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        aria-label="Search series"
      />
      <ErrorNote error={found.error} />
      <div class="pick-list">
        {!found.data && found.loading && <Loading />}
        {found.data?.items.length === 0 && <p class="empty">No series matches.</p>}
        {found.data?.items.map((series) => (
          <label key={series.id}>
            <input type="checkbox" checked={selected.has(series.id)} onChange={() => toggle(series)} />
            <SeriesLabel labels={series.labels} />
          </label>
        ))}
        {found.data?.nextCursor && <p class="muted row">The first 100 are shown. Narrow the search to see others.</p>}
      </div>
      <div class="row" style={{ marginTop: '14px', justifyContent: 'flex-end' }}>
        <button onClick={() => setSelected(new Map())}>Clear</button>
        <button onClick={props.onClose}>Cancel</button>
        <button class="primary" onClick={apply}>
          Show these
        </button>
      </div>
    </dialog>
  );
}

/** Plain text searches in metric names; anything with a brace or a quote is taken as a Prometheus selector. */
function asSelector(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/[{}"=]/.test(trimmed)) return trimmed;
  return `{__name__=~".*${trimmed.replace(/[^\w:.]/g, '').replace(/\./g, '\\\\.')}.*"}`;
}
