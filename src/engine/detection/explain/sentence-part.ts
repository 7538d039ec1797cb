import type { EpochMs } from '../../../kernel/clock.js';

/** Text, or an instant that whoever shows it puts into the reader's time zone. */
export type SentencePart = { readonly text: string } | { readonly instant: EpochMs };
