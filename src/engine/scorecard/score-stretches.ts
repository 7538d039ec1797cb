import type { StretchOutcome } from './match-detections.js';
import type { Delay, ScoreRules, StretchScore } from './score-card.types.js';
import { wilson } from './statistics/intervals.js';
import { medianWithInterval } from './statistics/median.js';

/** Recall and time to detect of some stretches. */
export function scoreStretches(kind: string, outcomes: readonly StretchOutcome[], rules: ScoreRules): StretchScore {
  const found = outcomes.filter(({ first }) => first !== null).length;
  const harmful = outcomes.filter(({ stretch }) => stretch.harmedAt !== null);
  const inTime = harmful.filter((outcome) => isInTime(outcome, rules)).length;
  return {
    kind,
    stretches: outcomes.length,
    found,
    recall: wilson(found, outcomes.length),
    harmful: harmful.length,
    inTime,
    recallInTime: wilson(inTime, harmful.length),
    fromStart: delay(outcomes, ({ stretch }) => stretch.from),
    fromHarm: delay(harmful, ({ stretch }) => stretch.harmedAt!),
  };
}

/** Known at the latest with the third (or as the rules say) scrape after users were first harmed. */
export function isInTime({ run, stretch, first }: StretchOutcome, { inTimeScrapes }: ScoreRules): boolean {
  if (first === null || stretch.harmedAt === null) return false;
  return first.at - stretch.harmedAt <= inTimeScrapes * run.intervalMs;
}

function delay(outcomes: readonly StretchOutcome[], since: (outcome: StretchOutcome) => number): Delay {
  const ms = outcomes.map((outcome) => (outcome.first === null ? Infinity : outcome.first.at - since(outcome)));
  return {
    seconds: medianWithInterval(ms.map((each) => each / 1000)),
    scrapes: medianWithInterval(ms.map((each, i) => each / outcomes[i]!.run.intervalMs)),
  };
}
