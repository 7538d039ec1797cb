import type { Tensors } from './model-runner.js';

/** Numbers that one run may answer in all: 16 MiB. A batch of 10,000 windows with their embeddings has 170,000. */
export const MOST_OUTPUT_NUMBERS = 4_194_304;

/**
 * What a model answers is copied into the process that asked, whose memory nobody watches: a small file can blow up to
 * gigabytes. Throws where that is too much.
 */
export function checkOutputSize(outputs: Tensors): void {
  let numbers = 0;
  for (const { data } of Object.values(outputs)) numbers += data.length;
  if (numbers <= MOST_OUTPUT_NUMBERS) return;
  throw new Error(`its outputs have ${numbers} numbers, more than the ${MOST_OUTPUT_NUMBERS} that one run may answer`);
}
