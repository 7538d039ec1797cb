import { get } from '../../api/client';
import type { ScoreSet } from '../../api/types';
import { formatNumber, formatTime } from '../../lib/format';
import { useTimeZone } from '../../lib/preferences';
import { useResource } from '../../lib/resource';
import type { Stretch } from '../chart';

const CELLS = 160;

/** The score over time as a strip of colour: quiet below 0.5, warm up to the boundary, red above it. */
export function ScoreStrip(props: { environmentId: string; seriesId: number; window: Stretch; turn: number }) {
  const { from, to } = props.window;
  const [zone] = useTimeZone();
  const query = { seriesId: props.seriesId, from: iso(from), to: iso(to), maxPoints: 2_000 };
  const scores = useResource(`strip-${props.seriesId}-${from}-${to}-${props.turn}`, (signal) =>
    get<ScoreSet>(`environments/${props.environmentId}/scores`, query, signal),
  );
  if (!scores.data) return <div class="strip" />;
  const cells = cellsOf(scores.data, props.window);
  const peak = Math.max(0, ...cells.map((score) => score ?? 0));
  return (
    <div class="strip" role="img" aria-label={`Score over the same time; highest ${formatNumber(peak)}`}>
      {cells.map((score, index) => {
        const at = formatTime(from + ((index + 0.5) * (to - from)) / CELLS, zone);
        return (
          <span
            key={index}
            class={score === null ? 'none' : score > 1 ? 'above' : score > 0.5 ? 'near' : ''}
            title={score === null ? `${at}: not scored` : `${at}: score ${formatNumber(score)}`}
          />
        );
      })}
    </div>
  );
}

function cellsOf(scores: ScoreSet, { from, to }: Stretch): (number | null)[] {
  const cells = new Array<number | null>(CELLS).fill(null);
  scores.times.forEach((time, index) => {
    const cell = Math.min(CELLS - 1, Math.floor(((time - from) / (to - from)) * CELLS));
    const score = scores.score[index];
    if (score === null || score === undefined || cell < 0) return;
    cells[cell] = Math.max(cells[cell] ?? 0, score);
  });
  return cells;
}

const iso = (time: number): string => new Date(time).toISOString();
