import { type Labels, METRIC_NAME_LABEL } from '../../../../kernel/time-series.js';
import type { FamilyDescriptor, ScrapeFrame } from '../telemetry.types.js';

/** Gets pieces of text in their order. */
export type TextSink = (chunk: string) => void;

/** Characters gathered before they are handed on. */
const CHUNK = 1 << 16;

/** Gathers small pieces into larger ones. */
export interface ChunkedText {
  text: string;
  readonly write: TextSink;
}

export function append(chunked: ChunkedText, text: string): void {
  chunked.text += text;
  if (chunked.text.length >= CHUNK) flush(chunked);
}

export function flush(chunked: ChunkedText): void {
  if (chunked.text !== '') chunked.write(chunked.text);
  chunked.text = '';
}

/** `name{a="b"}` as both text formats have it, labels in the order of their making. */
export function formatSample(labels: Labels): string {
  let text = '';
  for (const key in labels) {
    if (key === METRIC_NAME_LABEL) continue;
    text += `${text === '' ? '{' : ','}${key}="${escapeLabel(labels[key]!)}"`;
  }
  return `${labels[METRIC_NAME_LABEL] ?? ''}${text === '' ? '' : `${text}}`}`;
}

/** Backslash, double quote and line feed, in label values of both formats. */
export function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

/** Slots that have series, by family, families in their order; slots ascending, so that a histogram stays together. */
export function slotsByFamily(frame: ScrapeFrame): readonly (readonly [FamilyDescriptor, readonly number[]])[] {
  const slots = new Map<string, number[]>(frame.families.map(({ name }) => [name, []]));
  frame.series.forEach((descriptor, slot) => descriptor !== null && slots.get(descriptor.family)?.push(slot));
  return frame.families.map((family) => [family, slots.get(family.name)!] as const);
}
