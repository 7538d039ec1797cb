import type { DetectorScore, Miss, ScoreCard, StretchScore } from '../../../engine/scorecard/score-card.types.js';
import type { Estimate } from '../../../engine/scorecard/statistics/intervals.js';
import type { Terminal } from '../terminal/terminal.js';
import { percent, plural, short, spell, table, wrap } from '../terminal/words.js';

/** Misses and false alarms that are listed on a screen; the report has more. */
const LISTED = 10;

/** The score card for a screen: a line for each detector, then by kind, then what was missed and what was wrong. */
export function scoreText(card: ScoreCard, { style, columns }: Pick<Terminal, 'style' | 'columns'>): string {
  const { detectors, rules } = card;
  const first = detectors[0];
  if (first === undefined) return 'Nothing was scored.\n';
  const lines = [
    style.bold(
      `${plural(card.runs.length, 'run')}, ${plural(first.all.stretches, 'labelled stretch', 'labelled stretches')}`,
    ) + `, ${first.all.harmful} of them harmful\n`,
    '\n',
    table([HEAD, ...detectors.map((detector) => row(detector))], '  '),
    '\n',
    wrap(
      `in time: found within ${rules.inTimeScrapes} scrapes of the first harm, of those that harmed users; by chance: what as many pages at random times would find. found: of all. median: scrapes from harm to detection. [95 % intervals]`,
      columns,
      '  ',
    ),
  ];
  if (first.byKind.length > 1) lines.push('\n', byKind(detectors));
  for (const detector of detectors) lines.push(...evidence(detector, style));
  return lines.join('');
}

const HEAD = [
  'detector',
  'in time',
  'by chance',
  'found',
  'median',
  'precision',
  'pages/week',
  'false alarms / 1,000 series and week',
];

function row({ detector, all, inTimeByChance, pages, calm }: DetectorScore): readonly string[] {
  return [
    detector,
    `${all.inTime}/${all.harmful} ${share(all.recallInTime)}`,
    inTimeByChance === null ? '-' : percent(inTimeByChance),
    `${all.found}/${all.stretches} ${share(all.recall)}`,
    value(all.fromHarm.scrapes),
    share(pages.precision),
    value(calm.pagesPerWeek),
    `${value(calm.anomalyRate)} (pages ${value(calm.pageRate)})`,
  ];
}

/** `91 % [84, 95]`. */
export function share({ value: of, low, high }: Estimate): string {
  if (of === null) return '-';
  const whole = (part: number | null) => (part === null ? '?' : Math.round(part * 100).toString());
  return `${whole(of)} % [${whole(low)}, ${whole(high)}]`;
}

/** `1.2 [0.8, 1.9]`; a median of never is a dash. */
export function value({ value: of, low, high }: Estimate): string {
  if (of === null) return low === null ? '-' : `never [${short(low)}, ...]`;
  const limit = (part: number | null) => (part === null ? '...' : short(part));
  return `${short(of)} [${limit(low)}, ${limit(high)}]`;
}

function byKind(detectors: readonly DetectorScore[]): string {
  const kinds = [...new Set(detectors.flatMap(({ byKind: rows }) => rows.map(({ kind }) => kind)))].sort();
  const cell = (score: StretchScore | undefined): string => {
    if (score === undefined) return '-';
    const { found, stretches, inTime, harmful, fromHarm } = score;
    const median = fromHarm.scrapes.value === null ? '' : ` ${short(fromHarm.scrapes.value)}`;
    return `${found}/${stretches} found${harmful > 0 ? `, ${inTime}/${harmful} in time${median}` : ''}`;
  };
  return table(
    [
      ['kind', ...detectors.map(({ detector }) => detector)],
      ...kinds.map((kind) => [
        kind,
        ...detectors.map(({ byKind: rows }) => cell(rows.find((score) => score.kind === kind))),
      ]),
    ],
    '  ',
  );
}

function evidence(
  { detector, misses, falseAlarms, moreFalseAlarms }: DetectorScore,
  style: Terminal['style'],
): string[] {
  const lines: string[] = [];
  const worst = [...misses].sort((a, b) => Number(b.stretch.harmedAt !== null) - Number(a.stretch.harmedAt !== null));
  if (worst.length > 0) lines.push('\n', style.bold(`${detector}: ${plural(worst.length, 'miss', 'misses')}\n`));
  for (const miss of worst.slice(0, LISTED)) lines.push(`  ${missLine(miss)}\n`);
  if (worst.length > LISTED) lines.push(`  and ${worst.length - LISTED} more\n`);
  const count = falseAlarms.length + moreFalseAlarms;
  if (count > 0) lines.push('\n', style.bold(`${detector}: ${plural(count, 'false page')}\n`));
  for (const { run, detection } of falseAlarms.slice(0, LISTED)) {
    const beside = detection.branch === null ? '' : ` (beside ${detection.branch})`;
    lines.push(`  ${minute(detection.at)} ${detection.subject}: ${detection.reason}, ${run}${beside}\n`);
  }
  if (count > LISTED) lines.push(`  and ${count - LISTED} more\n`);
  return lines;
}

function missLine({ run, stretch, late, secondsFromHarm, first, nearest }: Miss): string {
  const harm = stretch.harmedAt === null ? 'harmed nobody' : 'harmed users';
  const how = late
    ? `found ${spell(secondsFromHarm!)} after harm, too late${first === null ? '' : `, by ${first.subject}`}`
    : `never found, ${harm}`;
  const near = nearest[0] === undefined ? '' : `; nearest: ${nearest[0].subject} with ${short(nearest[0].score)}`;
  return `${stretch.kind} on ${stretch.where} at ${minute(stretch.from)}, ${run}: ${how}${near}`;
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
