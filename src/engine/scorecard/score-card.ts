import { judgeDetections, outcomesOf, type StretchOutcome } from './match-detections.js';
import {
  DEFAULT_SCORE_RULES,
  SCORE_CARD_VERSION,
  type CalmScore,
  type DetectorScore,
  type FalseAlarm,
  type Miss,
  type PageScore,
  type ScoreCard,
  type ScoredRun,
  type ScoreRules,
} from './score-card.types.js';
import { scoreStretches, isInTime } from './score-stretches.js';
import { garwood, wilson } from './statistics/intervals.js';

const WEEK_MS = 7 * 86_400_000;

/** So many false alarms of a detector are listed; those of calm days before those beside faults. */
const LISTED_FALSE_ALARMS = 200;

/** Scores every detector over all its runs, in the order in which they first come. */
export function scoreCard(runs: readonly ScoredRun[], rules: ScoreRules = DEFAULT_SCORE_RULES): ScoreCard {
  const detectors = [...new Set(runs.map(({ detector }) => detector))];
  return {
    version: SCORE_CARD_VERSION,
    rules,
    runs: [...new Set(runs.map(({ run }) => run))],
    detectors: detectors.map((detector) =>
      scoreDetector(
        detector,
        runs.filter((run) => run.detector === detector),
        rules,
      ),
    ),
  };
}

function scoreDetector(detector: string, runs: readonly ScoredRun[], rules: ScoreRules): DetectorScore {
  const outcomes = runs.flatMap((run) => outcomesOf(run, rules));
  const kinds = [...new Set(outcomes.map(({ stretch }) => stretch.kind))].sort();
  const pages = runs.map((run) => ({ run, ...judgeDetections(run, run.pages, rules) }));
  const falseAlarms = pages
    .flatMap(({ run, false: alarms }) => alarms.map((detection): FalseAlarm => ({ run: run.run, detection })))
    .sort((a, b) => Number(a.detection.branch !== null) - Number(b.detection.branch !== null));
  const calm = scoreCalm(runs, rules);
  return {
    detector,
    inTimeByChance: inTimeByChance(outcomes, calm, rules),
    all: scoreStretches('all', outcomes, rules),
    byKind: kinds.map((kind) =>
      scoreStretches(
        kind,
        outcomes.filter(({ stretch }) => stretch.kind === kind),
        rules,
      ),
    ),
    pages: scorePages(pages),
    calm,
    misses: outcomes.filter((outcome) => isMiss(outcome, rules)).map((outcome) => missOf(outcome)),
    falseAlarms: falseAlarms.slice(0, LISTED_FALSE_ALARMS),
    moreFalseAlarms: Math.max(0, falseAlarms.length - LISTED_FALSE_ALARMS),
  };
}

function scorePages(judged: readonly ({ readonly run: ScoredRun } & ReturnType<typeof judgeDetections>)[]): PageScore {
  const right = sum(judged.map((pages) => pages.true.length));
  const wrong = sum(judged.map((pages) => pages.false.length));
  const ofRuns = sum(
    judged.map((pages) => [...pages.true, ...pages.false].filter(({ branch }) => branch === null).length),
  );
  return {
    count: right + wrong,
    true: right,
    false: wrong,
    precision: wilson(right, right + wrong),
    perWeek: garwood(ofRuns, sum(judged.map(({ run }) => run.to - run.from)) / WEEK_MS),
  };
}

function scoreCalm(runs: readonly ScoredRun[], rules: ScoreRules): CalmScore {
  const ofRun = (run: ScoredRun, detections: ScoredRun['pages']) =>
    judgeDetections(run, detections, rules).false.filter(({ branch }) => branch === null).length;
  const weeks = sum(runs.map(({ calmMs }) => calmMs)) / WEEK_MS;
  const thousandSeriesWeeks = sum(runs.map(({ calmSeriesMs }) => calmSeriesMs)) / WEEK_MS / 1000;
  const anomalies = sum(runs.map((run) => ofRun(run, run.anomalies)));
  const pages = sum(runs.map((run) => ofRun(run, run.pages)));
  return {
    weeks,
    thousandSeriesWeeks,
    anomalies,
    pages,
    anomalyRate: garwood(anomalies, thousandSeriesWeeks),
    pageRate: garwood(pages, thousandSeriesWeeks),
    pagesPerWeek: garwood(pages, weeks),
  };
}

function inTimeByChance(outcomes: readonly StretchOutcome[], calm: CalmScore, rules: ScoreRules): number | null {
  const chances = outcomes.flatMap(({ run, stretch: { from, harmedAt } }) => {
    if (harmedAt === null || calm.weeks === 0) return [];
    const weeks = (harmedAt - from + rules.inTimeScrapes * run.intervalMs) / WEEK_MS;
    return [1 - Math.exp((-calm.pages / calm.weeks) * weeks)];
  });
  return chances.length === 0 ? null : sum(chances) / chances.length;
}

/** Never found; or harmful and found too late. */
function isMiss(outcome: StretchOutcome, rules: ScoreRules): boolean {
  return outcome.first === null || (outcome.stretch.harmedAt !== null && !isInTime(outcome, rules));
}

function missOf({ run, stretch, first }: StretchOutcome): Miss {
  return {
    run: run.run,
    stretch,
    late: first !== null,
    secondsFromHarm: first === null || stretch.harmedAt === null ? null : (first.at - stretch.harmedAt) / 1000,
    first,
    nearest: run.nearMisses[stretch.id] ?? [],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
