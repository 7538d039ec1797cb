import { formatNumber } from '../../lib/format';

/** What each channel looks at, in a few words. */
const MEANING: Readonly<Record<string, string>> = {
  residual: 'distance to what the season and the level expect',
  value: 'a value that was never seen',
  level: 'a level that was never seen',
  variability: 'a restlessness that was never seen',
  change: 'a jump or a slope',
  flatline: 'stands still or falls silent',
  range: 'outside of the range that was set',
  missing: 'full of gaps, which it usually is not',
  learned: 'a shape that the learned model does not know',
};

export const meaningOf = (channel: string): string => MEANING[channel] ?? 'a way of looking at the series';

/** Scores of channels as bars; the line at 1 is the boundary. */
export function ChannelBars(props: { contributions: Readonly<Record<string, number | null>> }) {
  const scores = Object.entries(props.contributions)
    .map(([name, score]) => [name, score ?? 0] as const)
    .sort((a, b) => b[1] - a[1]);
  const quiet = scores.filter(([, score]) => score < 0.01).map(([name]) => name);
  const most = Math.max(2, ...scores.map(([, score]) => score));
  return (
    <ul class="bars" aria-label="Score of each channel; 1 is the boundary">
      {scores.slice(0, scores.length - quiet.length).map(([name, score]) => (
        <li key={name} title={meaningOf(name)}>
          <span class="bar-name">{name}</span>
          <span class="bar-track" aria-hidden="true">
            <span class={`bar ${score > 1 ? 'fired' : ''}`} style={{ width: `${(100 * score) / most}%` }} />
            <span class="bar-limit" style={{ left: `${100 / most}%` }} />
          </span>
          <span class="bar-value">{formatNumber(score)}</span>
        </li>
      ))}
      {quiet.length > 0 && <li class="bar-quiet muted">{quiet.join(', ')} had nothing to say.</li>}
    </ul>
  );
}
