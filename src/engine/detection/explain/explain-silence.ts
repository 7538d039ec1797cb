import type { EpochMs } from '../../../kernel/clock.js';
import type { SilenceFacts } from '../silence/silence-book.js';
import { formatDuration, formatNumber } from './format-quantity.js';
import type { MetricWords } from './metric-words.js';
import type { SentencePart } from './sentence-part.js';

/** A silence in words: `Requests of web stopped reporting at 12:03 after reporting every 15 s for 6 days, for 2 hours: ...` */
export function explainSilence(
  silence: SilenceFacts,
  about: {
    readonly words: MetricWords;
    readonly startedAt: EpochMs;
    readonly endedAt: EpochMs | null;
    readonly score: number;
    readonly movers: string;
  },
): readonly SentencePart[] {
  const { words, startedAt, endedAt, score, movers } = about;
  const every = `every ${formatDuration(silence.everyMs)} for ${formatDuration(startedAt - silence.reportedSince)}`;
  const lasted = endedAt === null ? '' : `, for ${formatDuration(endedAt - startedAt)}`;
  const times = `${formatNumber(Number(score.toPrecision(2)))} times as long as any gap before`;
  if (silence.scope === 'environment') {
    return [
      { text: 'No telemetry at all arrived from ' },
      { instant: startedAt },
      { text: ` on after samples ${every}${lasted}: silent ${times}; ` },
      { text: 'what collects or carries it is more likely down than every service.' },
    ];
  }
  return [
    { text: `${words.what}${words.where} stopped reporting at ` },
    { instant: startedAt },
    { text: ` after reporting ${every}${lasted}: silent ${times}, and no other series of its like reports` },
    { text: `${movers === '' ? '' : `; ${movers} moved too`}.` },
  ];
}
