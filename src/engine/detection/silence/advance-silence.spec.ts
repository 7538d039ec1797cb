import { describe, expect, it } from 'vitest';
import {
  advanceSilence,
  excuseSilence,
  noteLateSample,
  openSilence,
  type SilenceEnd,
  type SilenceTick,
} from './advance-silence.js';
import {
  addLike,
  createSilenceBook,
  ENVIRONMENT_LIKE,
  factsOfSilence,
  isOpen,
  restoreSilence,
  serialiseSilence,
} from './silence-book.js';
import { DEFAULT_SILENCE_RULES } from './silence-rules.js';

const STEP = 15_000;
const HOUR = 240;
const DAY = 24 * HOUR;

/** Likes whose presence is a function of the tick; the last is another service that never falls silent. */
class Fleet {
  book = createSilenceBook();
  readonly opened: { like: number; tick: number; startedAt: number }[] = [];
  readonly ended: (SilenceEnd & { tick: number })[] = [];
  tick = 0;
  private readonly likes: readonly ((tick: number) => boolean)[];

  constructor(...likes: ((tick: number) => boolean)[]) {
    this.likes = likes;
    for (const _ of likes) addLike(this.book);
  }

  at(tick: number): SilenceTick {
    const arrived = Int32Array.from([0, ...this.likes.map((present, i) => (present(tick) ? 100 + i : 0))]);
    return { time: tick * STEP, stepMs: STEP, arrived };
  }

  run(until: number, unseen?: (tick: number) => Uint8Array | undefined): this {
    for (; this.tick < until; this.tick += 1) {
      const seen = unseen?.(this.tick);
      const tick = { ...this.at(this.tick), ...(seen && { unseen: seen }) };
      const { due, ended } = advanceSilence(this.book, tick, DEFAULT_SILENCE_RULES);
      for (const like of due)
        this.opened.push({ like, tick: this.tick, startedAt: openSilence(this.book, like) / STEP });
      for (const end of ended) this.ended.push({ ...end, tick: this.tick });
    }
    return this;
  }
}

const ALWAYS = () => true;

/** Uniform in [0, 1), without any rhythm. */
function scattered(tick: number): number {
  let bits = Math.imul(tick ^ (tick >>> 15) ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

describe('the silence of likes', () => {
  it('is due after five minutes, from the last sample on, and ends after six ticks with data', () => {
    const fleet = new Fleet((tick) => tick < 300 || tick >= 400, ALWAYS).run(500);
    // The last sample is in tick 299; five minutes are twenty ticks.
    expect(fleet.opened).toEqual([{ like: 1, tick: 320, startedAt: 299 }]);
    expect(fleet.ended).toMatchObject([{ like: 1, startedAt: 299 * STEP, endedAt: 400 * STEP, adopted: false }]);
    expect(fleet.ended[0]!.tick).toBe(405);
    expect(isOpen(fleet.book, 1)).toBe(false);
  });

  it('is nothing before an hour of points, however regular', () => {
    expect(new Fleet((tick) => tick < HOUR, ALWAYS).run(HOUR + 100).opened).toEqual([]);
    expect(new Fleet((tick) => tick <= HOUR, ALWAYS).run(HOUR + 100).opened).toHaveLength(1);
  });

  it.each([
    ['a batch job that runs a fifth of the time', (tick: number) => tick % 200 < 40],
    ['a counter of a rare label', (tick: number) => scattered(tick) < 0.15],
    ['every tick but one in ten', (tick: number) => tick % 10 !== 0],
  ])('is nothing of %s', (_, present) => {
    expect(new Fleet((tick) => tick < 2 * DAY && present(tick), ALWAYS).run(2 * DAY + HOUR).opened).toEqual([]);
  });

  it('knows a rhythm that is slower than the tick', () => {
    const fleet = new Fleet((tick) => tick < 2 * HOUR && tick % 4 === 0, ALWAYS).run(3 * HOUR);
    expect(fleet.opened).toEqual([{ like: 1, tick: 476 + 21, startedAt: 476 }]);
    expect(factsOfSilence(fleet.book, 1, STEP)).toEqual({
      scope: 'like',
      everyMs: 60_000,
      reportedSince: 0,
      longestGapMs: 60_000,
    });
  });

  it('waits for longer than the longest gap there was', () => {
    // A gap of 15 minutes (60 ticks) in the first hour, before it was regular; afterwards it is, over a day.
    const fleet = new Fleet((tick) => (tick < 100 || tick >= 160) && tick < DAY, ALWAYS).run(DAY + 200);
    expect(fleet.opened).toEqual([{ like: 1, tick: DAY - 1 + 62, startedAt: DAY - 1 }]);
  });

  it('does not learn an outage as what is usual', () => {
    const gone = (tick: number) => (tick >= DAY && tick < DAY + HOUR) || tick >= 3 * DAY;
    const fleet = new Fleet((tick) => !gone(tick), ALWAYS).run(3 * DAY + 100);
    expect(fleet.opened.map(({ tick }) => tick)).toEqual([DAY + 20, 3 * DAY + 20]);
  });

  it('stops waiting for what is there for a part of the day only', () => {
    // Two hours a day: the first time it leaves nobody can know; then its own past says so.
    const fleet = new Fleet((tick) => tick % DAY < 2 * HOUR, ALWAYS).run(5 * DAY);
    expect(fleet.opened).toHaveLength(1);
  });

  it('is one thing where nothing arrives at all, and says nothing about any service', () => {
    const gone = (tick: number) => tick >= 400 && tick < 700;
    const fleet = new Fleet(
      (tick) => !gone(tick),
      (tick) => !gone(tick),
      (tick) => tick < 400,
    ).run(1_000);
    expect(fleet.opened).toEqual([
      { like: ENVIRONMENT_LIKE, tick: 420, startedAt: 399 },
      // Back is everything but the third service; the outage does not count towards its silence.
      { like: 3, tick: 720, startedAt: 399 },
    ]);
    expect(fleet.ended).toMatchObject([{ like: ENVIRONMENT_LIKE, endedAt: 700 * STEP, adopted: false }]);
  });

  it('takes ticks at which nobody looked for nothing', () => {
    const fleet = new Fleet((tick) => tick < 400 || tick >= 640, ALWAYS);
    fleet.run(700, (tick) => (tick >= 400 && tick < 640 ? Uint8Array.of(0, 1, 0) : undefined));
    expect(fleet.opened).toEqual([]);
  });

  it('is adopted after a day, and has to become regular again', () => {
    const fleet = new Fleet((tick) => tick < 2 * DAY || (tick >= 4 * DAY && tick < 4 * DAY + 200), ALWAYS);
    fleet.run(5 * DAY);
    expect(fleet.opened).toHaveLength(1);
    expect(fleet.ended).toMatchObject([{ adopted: true, startedAt: (2 * DAY - 1) * STEP }]);
    expect(fleet.ended[0]!.endedAt).toBe((3 * DAY - 1) * STEP);
  });

  it('counts neither what is excused nor what came late', () => {
    const fleet = new Fleet((tick) => tick < 400, ALWAYS).run(410);
    excuseSilence(fleet.book, 1);
    expect(fleet.run(430).opened).toEqual([]);
    expect(fleet.run(431).opened).toEqual([{ like: 1, tick: 430, startedAt: 399 }]);

    const late = new Fleet((tick) => tick < 400, ALWAYS).run(410);
    noteLateSample(late.book, 1, 405 * STEP, late.at(409));
    expect(late.run(430).opened).toEqual([{ like: 1, tick: 426, startedAt: 405 }]);
  });

  it('goes on from a snapshot as if nothing had happened', () => {
    const present = (tick: number) => tick < 400 || tick >= 500;
    const whole = new Fleet(present, ALWAYS).run(600);
    for (const cut of [300, 399, 410, 450, 503]) {
      const fleet = new Fleet(present, ALWAYS).run(cut);
      fleet.book = restoreSilence(serialiseSilence(fleet.book))!;
      fleet.run(600);
      expect([fleet.opened, fleet.ended]).toEqual([whole.opened, whole.ended]);
      expect(serialiseSilence(fleet.book)).toEqual(serialiseSilence(whole.book));
    }
    const bytes = serialiseSilence(whole.book);
    expect([restoreSilence(bytes.subarray(8)), restoreSilence(bytes.subarray(3))]).toEqual([null, null]);
  });
});
