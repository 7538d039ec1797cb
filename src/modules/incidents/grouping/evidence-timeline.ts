import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { Transaction } from '../../../platform/database/database.js';
import type { Evidence, StoredTimelineEntry, TimelineEntry } from '../data/incident.rows.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { endText, evidenceText, peakOf, repeatedText, restText } from './evidence-text.js';

/** So many entries of an incident are about single anomalies; whatever is beyond is counted in one entry. */
const IN_FULL = 200;
/** So many anomalies of one series; a series that goes on flapping has one entry for the rest of them. */
const OF_ONE_SERIES = 3;

type Kind = 'evidence-added' | 'evidence-ended';

export interface EvidenceNews {
  readonly kind: Kind;
  readonly evidence: Evidence;
}

/** An entry that stands for many, and is counted up in place. Times are epoch milliseconds. */
interface Running {
  readonly id: string | null;
  readonly kind: Kind;
  /** Labels of the series; null until the entry is counted up. */
  labels: Labels | null;
  data: { readonly seriesId?: number; times: number; until: number; peak: number };
}

/** Keeps the timeline readable and bounded, however many anomalies an incident has; the evidence itself is complete. */
@Injectable()
export class EvidenceTimeline {
  constructor(
    private readonly repository: IncidentRepository,
    private readonly clock: Clock,
  ) {}

  /** @param news by incident, in the order in which it is told */
  async write(tx: Transaction, news: ReadonlyMap<string, readonly EvidenceNews[]>): Promise<void> {
    if (news.size === 0) return;
    const stored = new Map<string, StoredTimelineEntry[]>([...news.keys()].map((id) => [id, []]));
    for (const entry of await this.repository.evidenceTimeline(tx, [...news.keys()])) {
      stored.get(entry.incidentId)!.push(entry);
    }
    const added: (TimelineEntry & { incidentId: string })[] = [];
    const changed: Required<Pick<StoredTimelineEntry & TimelineEntry, 'id' | 'text' | 'data'>>[] = [];
    const at = new Date(this.clock.now());
    for (const [incidentId, items] of news) {
      const page = new TimelinePage(stored.get(incidentId)!);
      for (const item of items) page.tell(item);
      for (const { kind, text, data } of page.inFull) added.push({ incidentId, at, kind, actor: null, text, data });
      for (const { id, kind, text, data } of page.counted()) {
        if (id === null) added.push({ incidentId, at, kind, actor: null, text, data });
        else changed.push({ id, text, data });
      }
    }
    await this.repository.addTimeline(tx, added);
    await this.repository.changeTimeline(tx, changed);
  }
}

/** The entries of one incident about its evidence. */
class TimelinePage {
  readonly inFull: { readonly kind: Kind; readonly text: string; readonly data: Record<string, unknown> }[] = [];
  private entries = 0;
  private readonly ofSeries = new Map<number, number>();
  private readonly running = new Map<string, Running>();
  private readonly touched = new Set<Running>();

  constructor(stored: readonly StoredTimelineEntry[]) {
    for (const { id, kind, data } of stored) {
      const counted = data as Partial<Running['data']> | undefined;
      if (counted?.times !== undefined) {
        const entry = { id, kind: kind as Kind, labels: null, data: { ...(counted as Running['data']) } };
        this.running.set(counted.seriesId === undefined ? kind : String(counted.seriesId), entry);
        continue;
      }
      this.entries += 1;
      if (kind === 'evidence-added' && counted?.seriesId !== undefined) this.count(counted.seriesId);
    }
  }

  tell({ kind, evidence }: EvidenceNews): void {
    const { seriesId } = evidence;
    const flapping = this.running.get(String(seriesId));
    const isAgain = kind === 'evidence-added' && (this.ofSeries.get(seriesId) ?? 0) >= OF_ONE_SERIES;
    if (flapping !== undefined || isAgain) {
      const entry = flapping ?? this.run(String(seriesId), { seriesId, times: 0, until: 0, peak: 0 }, kind);
      this.countUp(entry, evidence, kind === 'evidence-added' ? 1 : 0);
    } else if (this.entries >= IN_FULL) {
      this.countUp(this.running.get(kind) ?? this.run(kind, { times: 0, until: 0, peak: 0 }, kind), evidence, 1);
    } else {
      this.entries += 1;
      if (kind === 'evidence-added') this.count(seriesId);
      this.inFull.push(fullEntry(kind, evidence));
    }
  }

  counted(): {
    readonly id: string | null;
    readonly kind: Kind;
    readonly text: string;
    readonly data: Record<string, unknown>;
  }[] {
    return [...this.touched].map((entry) => ({
      id: entry.id,
      kind: entry.kind,
      text: this.textOf(entry),
      data: { ...entry.data },
    }));
  }

  private textOf({ kind, labels, data }: Running): string {
    const { times, peak } = data;
    const until = new Date(data.until);
    return data.seriesId === undefined
      ? restText(kind === 'evidence-added' ? 'began' : 'ended', times, until, peak)
      : repeatedText(labels!, times, until, peak);
  }

  private count(seriesId: number): void {
    this.ofSeries.set(seriesId, (this.ofSeries.get(seriesId) ?? 0) + 1);
  }

  private run(key: string, data: Running['data'], kind: Kind): Running {
    const entry: Running = { id: null, kind, labels: null, data };
    this.running.set(key, entry);
    return entry;
  }

  private countUp(entry: Running, evidence: Evidence, times: number): void {
    const { data } = entry;
    const until = (evidence.endedAt ?? evidence.startedAt).getTime();
    const next = {
      ...data,
      times: data.times + times,
      until: Math.max(data.until, until),
      peak: Math.max(data.peak, evidence.score),
    };
    entry.data = next;
    entry.labels = evidence.labels;
    this.touched.add(entry);
  }
}

function fullEntry(kind: Kind, evidence: Evidence) {
  const { anomalyId, seriesId, labels, endedAt, endReason, score } = evidence;
  return kind === 'evidence-added'
    ? { kind, text: evidenceText(evidence), data: { ...peakOf(evidence), anomalyId, seriesId } }
    : {
        kind,
        text: endText(labels, endedAt!, endReason ?? 'calm', score),
        data: { anomalyId, seriesId, reason: endReason },
      };
}
