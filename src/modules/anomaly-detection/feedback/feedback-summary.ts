import type { FeedbackKind } from '../../../engine/detection/settings/feedback-factors.js';
import type { ChangeEffect } from './feedback.types.js';

/** What feedback does, in one or two sentences with the figures. */
export function summaryOf(kind: FeedbackKind, effect: ChangeEffect, heeded: boolean, concerned: number): string {
  const days = Math.max(1, Math.round((Date.parse(effect.to) - Date.parse(effect.from)) / 86_400_000));
  const series = counted(effect.series, 'series', 'series');
  const of = concerned > effect.series ? ` (of ${concerned})` : '';
  const stretch = {
    'not-an-anomaly': heeded
      ? 'This stretch would not be an anomaly any more.'
      : 'This stretch would still be an anomaly: it is too far from normal for feedback alone.',
    missed: heeded
      ? 'This stretch would be found.'
      : 'This stretch would still be missed: it is too close to normal for feedback alone.',
  }[kind];
  const counts = `${counted(effect.vanish, 'anomaly vanishes', 'anomalies vanish')} and ${counted(effect.come, 'new one comes', 'new ones come')}`;
  return `${stretch} Over ${counted(days, 'day', 'days')} of ${series}${of}, ${counts}.`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
