import type {
  DetectorScore,
  Detection,
  Miss,
  ScoreCard,
  StretchScore,
} from '../../../engine/scorecard/score-card.types.js';
import { escapeXml } from '../../../engine/simulation/report/junit.js';
import { percent, plural, spell } from '../terminal/words.js';
import { chart } from './chart.js';
import { SCORE_STYLE } from './score-style.js';
import { share, value } from './score-text.js';

/** Charts of a detector's misses, and of its false alarms: more make the page slow. */
const DRAWN = 60;

/** The report as one page that needs nothing else: numbers, then every miss and false alarm as it was. */
export function scoreHtml(card: ScoreCard, title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title><style>${SCORE_STYLE}</style></head><body><main>
<h1>${escapeXml(title)}</h1>
<p>${plural(card.runs.length, 'run')}: ${escapeXml(card.runs.join('; '))}.</p>
${summary(card)}
${card.detectors.map((detector) => section(detector)).join('\n')}
</main></body></html>
`;
}

function summary({ detectors, rules }: ScoreCard): string {
  const head =
    '<tr><th>detector<th>in time<th>by chance<th>found<th>scrapes from harm, median<th>from start<th>precision of pages<th>pages per week<th>anomalies per 1,000 series and week<th>pages per 1,000 series and week</tr>';
  const rows = detectors.map(({ detector, all, inTimeByChance, pages, calm }) =>
    cells([
      escapeXml(detector),
      `${all.inTime}/${all.harmful} ${share(all.recallInTime)}`,
      inTimeByChance === null ? '-' : percent(inTimeByChance),
      `${all.found}/${all.stretches} ${share(all.recall)}`,
      value(all.fromHarm.scrapes),
      value(all.fromStart.scrapes),
      share(pages.precision),
      value(calm.pagesPerWeek),
      value(calm.anomalyRate),
      value(calm.pageRate),
    ]),
  );
  return `<div class="wide"><table>${head}${rows.join('')}</table></div>
<p class="note">In time: found at most ${rules.inTimeScrapes} scrapes after users were first harmed, of the stretches that harmed users. By chance: what as many pages
at random times would find. Pages per week and false alarms are those of calm time. In brackets: 95 % intervals (Wilson for shares, exact Poisson for rates, bootstrap for
medians).</p>`;
}

function section(score: DetectorScore): string {
  const misses = [...score.misses].sort((a, b) => harm(b) - harm(a));
  const more = score.falseAlarms.length + score.moreFalseAlarms - DRAWN;
  return `<section><h2>${escapeXml(score.detector)}</h2>
<div class="wide"><table><tr><th>kind<th>found<th>in time<th>scrapes from harm<th>seconds from start</tr>${score.byKind.map(kindRow).join('')}</table></div>
<h3>Misses: ${misses.length}</h3>
${misses.slice(0, DRAWN).map(missFigure).join('\n')}
<h3>False pages: ${score.falseAlarms.length + score.moreFalseAlarms}</h3>
${score.falseAlarms
  .slice(0, DRAWN)
  .map(({ run, detection }) => alarmFigure(run, detection))
  .join('\n')}${more > 0 ? `<p class="note">and ${more} more</p>` : ''}</section>`;
}

const harm = ({ stretch }: Miss): number => Number(stretch.harmedAt !== null);

function kindRow({
  kind,
  found,
  stretches,
  recall,
  inTime,
  harmful,
  recallInTime,
  fromHarm,
  fromStart,
}: StretchScore): string {
  return cells([
    escapeXml(kind),
    `${found}/${stretches} ${share(recall)}`,
    harmful === 0 ? 'harmed nobody' : `${inTime}/${harmful} ${share(recallInTime)}`,
    value(fromHarm.scrapes),
    value(fromStart.seconds),
  ]);
}

function missFigure({ run, stretch, late, secondsFromHarm, first, nearest }: Miss): string {
  const how = late
    ? `found ${spell(secondsFromHarm!)} after the first harm, too late`
    : `never found${stretch.harmedAt === null ? '; it harmed nobody' : '; it harmed users'}`;
  const shown = late && first?.trace ? [{ subject: first.subject, score: null, trace: first.trace }] : nearest;
  const charts = shown.map(
    ({ subject, score, trace }) =>
      `<p class="series">${escapeXml(subject)}${score === null ? '' : `: highest score ${Number(score.toPrecision(3))}`}</p>${chart(trace, { stretch, ...(first && { openedAt: first.at }) })}`,
  );
  // Alerts have no series of their own to draw.
  const alert = late && first && first.trace === null ? `<p class="series">${escapeXml(first.subject)}</p>` : '';
  return `<figure><figcaption><b>${escapeXml(stretch.kind)}</b> on ${escapeXml(stretch.where)}, ${escapeXml(run)}: ${how}</figcaption>${alert}${charts.join('')}</figure>`;
}

function alarmFigure(run: string, { at, subject, reason, branch, trace }: Detection): string {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const drawn = trace === null ? '' : chart(trace, { openedAt: at });
  const beside = branch === null ? '' : `, beside ${escapeXml(branch)}`;
  return `<figure><figcaption>${when} <b>${escapeXml(reason)}</b>, ${escapeXml(run)}${beside}</figcaption><p class="series">${escapeXml(subject)}</p>${drawn}</figure>`;
}

function cells(contents: readonly string[]): string {
  return `<tr>${contents.map((content) => `<td>${content}`).join('')}</tr>`;
}
