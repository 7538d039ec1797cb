import type { EpochMs } from '../../../kernel/clock.js';

/** Index of the like that every series belongs to: all telemetry of the environment. */
export const ENVIRONMENT_LIKE = 0;

const COLUMNS = [
  'newest',
  'firstAt',
  'lastAt',
  'quiet',
  'arrivals',
  'elapsed',
  'rhythm',
  'longest',
  'silentSince',
  'calm',
  'calmSince',
] as const;

/**
 * What is known of the likes of an environment, in columns by index; index 0 is the environment itself. Counts are
 * ticks. All of it is doubles, so that a snapshot is the columns as they are: 88 bytes a like.
 */
export interface SilenceBook {
  count: number;
  /** Id of the newest series among those that had the newest sample; 0: none yet. */
  newest: Float64Array;
  /** Tick of the first sample since the like was taken up; NaN: none yet. */
  firstAt: Float64Array;
  /** Tick of the newest sample: tick t stands for samples before t. */
  lastAt: Float64Array;
  /** Ticks without a sample since the newest, as far as they count. */
  quiet: Float64Array;
  /** Ticks with a sample after the first, and all ticks; both fade after a week. */
  arrivals: Float64Array;
  elapsed: Float64Array;
  /** Running median of the distance of two samples. */
  rhythm: Float64Array;
  /** Longest distance that was no anomaly. */
  longest: Float64Array;
  /** Tick of the last sample before an open anomaly; NaN: none is open. */
  silentSince: Float64Array;
  /** Ticks with a sample since data are back, and the first of them. */
  calm: Float64Array;
  calmSince: Float64Array;
}

export function createSilenceBook(): SilenceBook {
  const none = () => new Float64Array(0);
  const book: SilenceBook = {
    ...{ count: 0, newest: none(), firstAt: none(), lastAt: none(), quiet: none(), arrivals: none(), elapsed: none() },
    ...{ rhythm: none(), longest: none(), silentSince: none(), calm: none(), calmSince: none() },
  };
  addLike(book);
  return book;
}

/** Index of a like that nothing is known of yet. */
export function addLike(book: SilenceBook): number {
  const like = book.count;
  if (like === book.newest.length) {
    for (const column of COLUMNS) {
      const grown = new Float64Array(Math.max(64, 2 * like));
      grown.set(book[column]);
      book[column] = grown;
    }
  }
  book.count += 1;
  book.silentSince[like] = NaN;
  forgetLike(book, like);
  return like;
}

/** It has to become regular again. */
export function forgetLike(book: SilenceBook, like: number): void {
  for (const column of COLUMNS) book[column][like] = 0;
  book.firstAt[like] = NaN;
  book.silentSince[like] = NaN;
}

export function isOpen(book: SilenceBook, like: number): boolean {
  return !Number.isNaN(book.silentSince[like]!);
}

export function copySilenceBook(book: SilenceBook): SilenceBook {
  const copy = { ...book };
  for (const column of COLUMNS) copy[column] = book[column].slice();
  return copy;
}

const VERSION = 1;

/** Likes that had a sample; the environment is always among them, first. */
export function serialiseSilence(book: SilenceBook): Uint8Array {
  const kept: number[] = [];
  for (let like = 0; like < book.count; like += 1) {
    if (like === ENVIRONMENT_LIKE || !Number.isNaN(book.firstAt[like]!)) kept.push(like);
  }
  const numbers = new Float64Array(2 + COLUMNS.length * kept.length);
  numbers[0] = VERSION;
  numbers[1] = kept.length;
  COLUMNS.forEach((column, c) => {
    kept.forEach((like, i) => {
      numbers[2 + c * kept.length + i] = book[column][like]!;
    });
  });
  return new Uint8Array(numbers.buffer);
}

/** Null where the bytes are of another version, or damaged. Which like is which is for `newest` to say. */
export function restoreSilence(bytes: Uint8Array): SilenceBook | null {
  if (bytes.byteLength % 8 !== 0) return null;
  const numbers = new Float64Array(bytes.slice().buffer);
  const [version, count = 0] = numbers;
  if (version !== VERSION || count < 1 || numbers.length !== 2 + COLUMNS.length * count) return null;
  const book = createSilenceBook();
  while (book.count < count) addLike(book);
  COLUMNS.forEach((column, c) => book[column].set(numbers.subarray(2 + c * count, 2 + (c + 1) * count)));
  return book;
}

/** What a reader is told of a like that fell silent. */
export interface SilenceFacts {
  readonly scope: 'like' | 'environment';
  /** Usual distance of two samples, in milliseconds, as far as ticks tell. */
  readonly everyMs: number;
  /** First sample that is known. */
  readonly reportedSince: EpochMs;
  /** Longest time without a sample before. */
  readonly longestGapMs: number;
}

export function factsOfSilence(book: SilenceBook, like: number, stepMs: number): SilenceFacts {
  return {
    scope: like === ENVIRONMENT_LIKE ? 'environment' : 'like',
    everyMs: Math.max(1, Math.round(book.rhythm[like]!)) * stepMs,
    reportedSince: book.firstAt[like]!,
    longestGapMs: Math.max(1, Math.round(book.longest[like]!)) * stepMs,
  };
}
