import type { SeriesSettings } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { Factors } from './feedback-panel';

const DIRECTIONS = { both: 'both sides count', above: 'only above counts', below: 'only below counts' } as const;

/** What holds for one series: defaults, rules and feedback together. */
export function SeriesKnobs(props: { environmentId: string; knobs: SeriesSettings }) {
  const { knobs } = props;
  const rows: readonly (readonly [string, string])[] = [
    ['Scored as', knobs.unit === 'per_second' ? 'increase per second' : 'its value'],
    ['Direction', DIRECTIONS[knobs.direction]],
    ['Smallest deviation that counts', formatNumber(knobs.minimumDeviation)],
    ['… as a share of the expectation', `${formatNumber(knobs.minimumRelativeDeviation * 100)} %`],
    ['Half-width of the band', `${formatNumber(knobs.sensitivity)} standard deviations`],
    ['Data range', knobs.dataRange ? rangeText(knobs.dataRange) : 'none set'],
  ];
  return (
    <section class="card">
      <h2>What it is held against</h2>
      {knobs.excluded && <p class="note">Not scored: {knobs.excluded}</p>}
      {knobs.suppressed && <p class="note">Nothing opens at present: {knobs.suppressed}</p>}
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <td class="muted">{name}</td>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Factors factors={knobs.channelFactors} />
      <p class="sub">
        {knobs.rules.length > 0 ? `By the rules ${knobs.rules.join(', ')}. ` : 'No rule says anything about it. '}
        <a href={`#/environments/${props.environmentId}/settings`}>Settings</a>
      </p>
    </section>
  );
}

function rangeText({ lower, upper }: NonNullable<SeriesSettings['dataRange']>): string {
  if (lower === null) return `at most ${formatNumber(upper)}`;
  return upper === null ? `at least ${formatNumber(lower)}` : `${formatNumber(lower)} to ${formatNumber(upper)}`;
}
