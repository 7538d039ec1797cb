import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { ScoredUnit } from '../series-unit.js';
import { channelText, rankChannels, type ChannelScore } from './channel-words.js';
import { coMoversText, type CoMover } from './co-movers.js';
import { formatDuration, formatQuantity } from './format-quantity.js';
import { wordsOf, type MetricWords } from './metric-words.js';
import type { SilenceFacts } from '../silence/silence-book.js';
import { explainSilence } from './explain-silence.js';
import { rarityText, type Rarity } from './rarity.js';
import type { SentencePart } from './sentence-part.js';

/** What is known of an anomaly. Values in the unit that is scored; NaN where nothing is known. */
export interface AnomalyFacts {
  readonly labels: Labels;
  readonly unit: ScoredUnit;
  readonly startedAt: EpochMs;
  /** Null while it lasts. */
  readonly endedAt: EpochMs | null;
  readonly peakAt: EpochMs;
  readonly score: number;
  readonly value: number;
  readonly yhat: number;
  readonly yhatLower: number;
  readonly yhatUpper: number;
  /** Score of each channel at the peak. */
  readonly contributions: Readonly<Record<string, number>>;
  readonly rarity: Rarity | null;
  /** As `rankCoMovers` gives them. */
  readonly coMovers: readonly CoMover[];
  /** For the residual of a service: its signals by their share in it. */
  readonly parts?: readonly { readonly labels: Labels; readonly share: number }[];
  /** Set where the anomaly is that nothing was reported any more. */
  readonly silence?: SilenceFacts | null;
}

export interface Explanation {
  /** One sentence, instants in UTC. */
  readonly sentence: string;
  /** The same sentence in parts. */
  readonly parts: readonly SentencePart[];
  readonly channels: readonly ChannelScore[];
  readonly rarity: string;
  readonly value: string;
  readonly expected: string;
}

/** One sentence in plain words from facts, and the facts it is made of. No model writes it; equal facts give equal text. */
export function explainAnomaly(facts: AnomalyFacts): Explanation {
  const words = wordsOf(facts.labels, facts.unit);
  const channels = rankChannels(facts.contributions);
  const value = formatQuantity(facts.value, words.quantity);
  const expected = expectedText(facts, words);
  const rarity = rarityText(facts.rarity);
  const movers = coMoversText(facts.coMovers);
  if (facts.silence) {
    const about = { ...facts, words: { ...words, what: capitalise(words.what) }, movers };
    const parts = joined(explainSilence(facts.silence, about));
    const gap = `the longest gap before was ${formatDuration(facts.silence.longestGapMs)}`;
    return { sentence: parts.map(textOf).join(''), parts, channels, rarity: gap, value: 'no data', expected };
  }
  const lasted = facts.endedAt === null ? '' : `, for ${formatDuration(facts.endedAt - facts.startedAt)}`;
  const parts: SentencePart[] = [
    { text: `${capitalise(words.what)}${words.where} ${verbOf(facts, channels)} ` },
    ...(isResidual(facts) ? [] : [{ text: `${value} ` }]),
    { text: 'at ' },
    { instant: facts.peakAt },
    { text: `${isResidual(facts) ? residualText(facts) : insteadOf(expected)}${lasted}: ` },
    { text: `${channelText(channels, facts.score)}; ${rarity}${movers === '' ? '' : `; ${movers} moved too`}.` },
  ];
  return { sentence: parts.map(textOf).join(''), parts: joined(parts), channels, rarity, value, expected };
}

function isResidual(facts: AnomalyFacts): boolean {
  return facts.labels['__name__'] === 'service:multivariate:residual';
}

function verbOf(
  { value, yhat, yhatLower, yhatUpper, labels }: AnomalyFacts,
  channels: readonly ChannelScore[],
): string {
  if (labels['__name__'] === 'service:multivariate:residual') return 'was unlike before';
  if (channels[0]?.channel === 'flatline') return 'stood still at';
  if (value > yhatUpper) return 'rose to';
  if (value < yhatLower) return 'fell to';
  if (Number.isNaN(value) || Number.isNaN(yhat)) return 'was';
  return value > yhat ? 'went up to' : value < yhat ? 'went down to' : 'was';
}

function insteadOf(expected: string): string {
  return expected === '' ? '' : `, where ${expected} was expected`;
}

/** `120 ms (80 ms to 190 ms)`; empty where nothing is known. */
function expectedText({ yhat, yhatLower, yhatUpper }: AnomalyFacts, { quantity }: MetricWords): string {
  if (Number.isNaN(yhat)) return '';
  const middle = formatQuantity(yhat, quantity);
  const lower = formatQuantity(yhatLower, quantity);
  const upper = formatQuantity(yhatUpper, quantity);
  const hasBand = Number.isFinite(yhatLower) && Number.isFinite(yhatUpper) && !(lower === middle && upper === middle);
  return `${middle}${hasBand ? ` (${lower} to ${upper})` : ''}`;
}

/** `, mostly by CPU use (64 %) and HTTP requests (20 %)`. */
function residualText({ parts }: AnomalyFacts): string {
  const named = (parts ?? []).slice(0, 3).map(({ labels, share }) => {
    const { what } = wordsOf(labels, 'raw');
    return `${what} (${formatQuantity(share, { unit: 'ratio', perSecond: false })})`;
  });
  if (named.length === 0) return '';
  const list = named.length === 1 ? named[0]! : `${named.slice(0, -1).join(', ')} and ${named.at(-1)!}`;
  return `, mostly by ${list}`;
}

function textOf(part: SentencePart): string {
  return 'text' in part ? part.text : `${new Date(part.instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Neighbouring texts as one. */
function joined(parts: readonly SentencePart[]): SentencePart[] {
  const merged: SentencePart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last !== undefined && 'text' in last && 'text' in part)
      merged[merged.length - 1] = { text: last.text + part.text };
    else merged.push(part);
  }
  return merged;
}

/** Names that are written in a way of their own stay as they are. */
function capitalise(text: string): string {
  return /^[a-z]+( |$)/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}
