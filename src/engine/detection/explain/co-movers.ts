import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { serviceOf } from '../service/service-name.js';
import type { ScoredUnit } from '../series-unit.js';
import { formatNumber } from './format-quantity.js';
import { wordsOf } from './metric-words.js';

/** Another series, with how unusual it was at that time. */
export interface CoMover {
  readonly labels: Labels;
  readonly unit: ScoredUnit;
  /** Highest around that time; 1.0 is the boundary. */
  readonly score: number;
  readonly seriesId?: number;
}

/** Below this a series did what it usually does. */
const LEAST_SCORE = 0.7;

/**
 * What else moved, most unusual first. Series of the same metric and service count as one, named by the most unusual of
 * them: ten pods of a service are one thing to a reader. The subject itself is left out in all its forms.
 */
export function rankCoMovers(candidates: readonly CoMover[], subject: Labels, most = 5): readonly CoMover[] {
  const seen = new Set([kindOf(subject)]);
  const ranked: CoMover[] = [];
  const ordered = candidates.filter(({ score }) => score >= LEAST_SCORE && Number.isFinite(score));
  ordered.sort((a, b) => b.score - a.score || (kindOf(a.labels) < kindOf(b.labels) ? -1 : 1));
  for (const candidate of ordered) {
    const kind = kindOf(candidate.labels);
    if (seen.has(kind)) continue;
    seen.add(kind);
    ranked.push(candidate);
    if (ranked.length === most) break;
  }
  return ranked;
}

/** `HTTP requests of web (score 4.1) and CPU use of web (score 2)`; empty where nothing moved. */
export function coMoversText(movers: readonly CoMover[], named = 2): string {
  const texts = movers.slice(0, named).map(({ labels, unit, score }) => {
    const { what, where } = wordsOf(labels, unit);
    return `${what}${where} (score ${formatNumber(Number(score.toPrecision(2)))})`;
  });
  const more = movers.length - texts.length;
  if (more > 0) texts.push(`${formatNumber(more)} more`);
  return texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`;
}

/** The same for a signal of a service and for the series that it is made of. */
function kindOf(labels: Labels): string {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const metric = (/^service:(.+):[a-z0-9_]+$/.exec(name)?.[1] ?? name).replace(/_(bucket|sum|count)$/, '');
  return `${serviceOf(labels)?.service ?? labels['node'] ?? labels['instance'] ?? ''} ${metric}`;
}
