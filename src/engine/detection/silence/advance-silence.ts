import type { EpochMs } from '../../../kernel/clock.js';
import { ENVIRONMENT_LIKE, forgetLike, isOpen, type SilenceBook } from './silence-book.js';
import type { SilenceRules } from './silence-rules.js';

/** What one tick brought, by like. */
export interface SilenceTick {
  readonly time: EpochMs;
  readonly stepMs: number;
  /** Id of the newest series of the like that has a sample in this tick; 0: none has. */
  readonly arrived: Int32Array;
  /** 1 where nobody looked: that says nothing about the like. */
  readonly unseen?: Uint8Array;
}

export interface SilenceEnd {
  readonly like: number;
  readonly startedAt: EpochMs;
  /** First tick with a sample again; that of the adoption where there was none. */
  readonly endedAt: EpochMs;
  /** Highest it came to. */
  readonly score: number;
  readonly adopted: boolean;
}

export interface SilenceNews {
  /** Silent for long enough: whether an anomaly opens is for settings and stored samples to say. */
  readonly due: readonly number[];
  readonly ended: readonly SilenceEnd[];
}

const QUIET: SilenceNews = { due: [], ended: [] };
/** What was seen counts half after so long. */
const MEMORY_MS = 7 * 86_400_000;
/** Silent is what misses so many samples by its own rhythm. */
const MISSED_SAMPLES = 5;
/** Steps of the running median, in ticks. */
const RHYTHM_STEP = 0.05;

/**
 * Advances all likes by one tick, in event time. A tick in which nothing at all arrives is one of the environment: it
 * says nothing about any single like. Regularity and gaps are of the like's own past: a gap that was an anomaly makes
 * it less regular, and is not what is usual from then on.
 */
export function advanceSilence(book: SilenceBook, tick: SilenceTick, rules: SilenceRules): SilenceNews {
  const { arrived, unseen } = tick;
  let anything = 0;
  for (let like = 1; like < book.count; like += 1) if (arrived[like]! > anything) anything = arrived[like]!;
  const due: number[] = [];
  const ended: SilenceEnd[] = [];
  if (anything > 0 || unseen?.[ENVIRONMENT_LIKE] !== 1) {
    step(book, ENVIRONMENT_LIKE, anything, tick, rules, due, ended);
  }
  for (let like = 1; like < book.count; like += 1) {
    const seen = anything > 0 && unseen?.[like] !== 1;
    if (seen) step(book, like, arrived[like]!, tick, rules, due, ended);
    else if (isOpen(book, like)) adopt(book, like, tick, rules, ended);
  }
  return due.length + ended.length === 0 ? QUIET : { due, ended };
}

function step(
  book: SilenceBook,
  like: number,
  arrived: number,
  tick: SilenceTick,
  rules: SilenceRules,
  due: number[],
  ended: SilenceEnd[],
): void {
  const { time, stepMs } = tick;
  if (arrived > 0) {
    if (arrive(book, like, arrived, tick) && book.calm[like]! >= rules.calmTicks) {
      const endedAt = book.calmSince[like]!;
      const startedAt = book.silentSince[like]!;
      ended.push({
        like,
        startedAt,
        endedAt,
        score: scoreOf(book, like, (endedAt - startedAt) / stepMs),
        adopted: false,
      });
      closeSilence(book, like);
    }
    return;
  }
  if (Number.isNaN(book.firstAt[like]!)) return;
  book.quiet[like]! += 1;
  const quiet = book.quiet[like]!;
  if (isOpen(book, like)) {
    if (quiet >= rules.fewestTicks) book.calm[like] = 0;
    adopt(book, like, tick, rules, ended);
    return;
  }
  if (quiet > allowedTicks(book, like, stepMs, rules)) {
    if (isRegular(book, like, stepMs, rules)) due.push(like);
    else if (time - book.lastAt[like]! >= rules.adoptAfterMs) forgetLike(book, like);
  }
}

/** True while an anomaly is open. */
function arrive(book: SilenceBook, like: number, newest: number, { time, stepMs }: SilenceTick): boolean {
  book.newest[like] = newest;
  if (Number.isNaN(book.firstAt[like]!)) {
    book.firstAt[like] = time;
    book.lastAt[like] = time;
    return false;
  }
  const gap = book.quiet[like]! + 1;
  const open = isOpen(book, like);
  book.quiet[like] = 0;
  book.lastAt[like] = time;
  book.arrivals[like]! += 1;
  book.elapsed[like]! += gap;
  learnRhythm(book, like, gap);
  if (open) {
    if (book.calm[like] === 0) book.calmSince[like] = time;
    book.calm[like]! += 1;
  } else if (gap > book.longest[like]!) {
    book.longest[like] = gap;
  }
  if (book.elapsed[like]! * stepMs > 2 * MEMORY_MS) {
    book.arrivals[like]! /= 2;
    book.elapsed[like]! /= 2;
    book.longest[like]! /= 2;
  }
  return open;
}

/** Sign of the difference: half of the distances are shorter than where this comes to rest. */
function learnRhythm(book: SilenceBook, like: number, gap: number): void {
  const rhythm = book.rhythm[like]!;
  if (rhythm === 0) book.rhythm[like] = gap;
  else if (gap !== rhythm) {
    const by = RHYTHM_STEP * Math.max(1, rhythm);
    book.rhythm[like] = gap > rhythm ? Math.min(gap, rhythm + by) : Math.max(gap, rhythm - by);
  }
}

function rhythmOf(book: SilenceBook, like: number): number {
  return Math.max(1, Math.round(book.rhythm[like]!));
}

/** A sample wherever the rhythm of the like wanted one, for long enough. */
export function isRegular(book: SilenceBook, like: number, stepMs: number, rules: SilenceRules): boolean {
  const elapsed = book.elapsed[like]!;
  const wanted = elapsed / rhythmOf(book, like);
  return elapsed * stepMs >= rules.regularForMs && book.arrivals[like]! >= rules.regularShare * wanted;
}

function allowedTicks(book: SilenceBook, like: number, stepMs: number, rules: SilenceRules): number {
  const missed = MISSED_SAMPLES * rhythmOf(book, like);
  return Math.max(rules.silenceAfterMs / stepMs, rules.fewestTicks, missed, book.longest[like]!);
}

/** How many times as long as what was the longest so far; four missed samples at least. 1.0 is the boundary. */
export function scoreOf(book: SilenceBook, like: number, quiet = book.quiet[like]!): number {
  return quiet / Math.max(book.longest[like]!, (MISSED_SAMPLES - 1) * rhythmOf(book, like));
}

function adopt(book: SilenceBook, like: number, tick: SilenceTick, rules: SilenceRules, ended: SilenceEnd[]): void {
  const startedAt = book.silentSince[like]!;
  const { time, stepMs } = tick;
  if (book.calm[like]! > 0 || time - startedAt < rules.adoptAfterMs) return;
  ended.push({
    like,
    startedAt,
    endedAt: time,
    score: scoreOf(book, like, (time - startedAt) / stepMs),
    adopted: true,
  });
  forgetLike(book, like);
}

/** An anomaly opens on a like that is due. Answers when it began: at its last sample. */
export function openSilence(book: SilenceBook, like: number): EpochMs {
  book.silentSince[like] = book.lastAt[like]!;
  book.calm[like] = 0;
  return book.silentSince[like];
}

/** The anomaly of a like is over. */
export function closeSilence(book: SilenceBook, like: number): void {
  book.silentSince[like] = NaN;
  book.calm[like] = 0;
}

/** The anomaly of a like is over though it is still silent: another one could begin now at the earliest. */
export function restartSilence(book: SilenceBook, like: number, time: EpochMs): void {
  closeSilence(book, like);
  excuseSilence(book, like);
  book.lastAt[like] = time;
}

/** Nobody waits for it at present: what has passed of the silence counts neither now nor as part of its past. */
export function excuseSilence(book: SilenceBook, like: number): void {
  book.quiet[like] = 0;
}

/** A sample before `at` came late: the like was not silent until then. */
export function noteLateSample(
  book: SilenceBook,
  like: number,
  at: EpochMs,
  { time, stepMs }: Pick<SilenceTick, 'time' | 'stepMs'>,
): void {
  book.lastAt[like] = at;
  book.quiet[like] = Math.max(0, (time - at) / stepMs);
}
