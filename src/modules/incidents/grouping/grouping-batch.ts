import type { CorrelatedAnomaly, CorrelationRules } from '../../../engine/correlation/correlation.types.js';
import { IncidentIndex } from '../../../engine/correlation/incident-index.js';
import { sharedLabelsOf } from '../../../engine/correlation/title.js';
import { newId } from '../../../kernel/ids.js';
import type { Evidence, Incident, TimelineEntry } from '../data/incident.rows.js';
import type { AnomalyNews } from '../data/pending-news.repository.js';
import type { Happening } from '../lifecycle/incident-journal.js';
import { durationText, peakOf } from './evidence-text.js';
import type { EvidenceNews } from './evidence-timeline.js';

type Note = Pick<TimelineEntry, 'kind' | 'text' | 'data'>;

/** An incident as the batch changes it. */
export interface Draft {
  incident: Incident;
  readonly isNew: boolean;
  /** Set when an older incident took it in. */
  mergedInto: Draft | null;
  /** What happened to it as a whole, before the evidence is told. */
  readonly notes: Note[];
  news: EvidenceNews[];
}

interface Item {
  evidence: Evidence;
  readonly isNew: boolean;
  isChanged: boolean;
  draft: Draft;
}

/** Works news of anomalies off in memory, one after the other; what comes of it is written at once. */
export class GroupingBatch {
  readonly touched = new Set<Draft>();
  readonly moves: { readonly from: Draft; readonly to: Draft }[] = [];
  readonly happenings: (Pick<Happening, 'transition' | 'count'> & { readonly draft: Draft })[] = [];
  private readonly drafts: Map<string, Draft>;
  private readonly items: Map<string, Item>;
  private readonly index: IncidentIndex;

  constructor(
    incidents: readonly Incident[],
    evidence: readonly Evidence[],
    private readonly environmentId: string,
    private readonly rules: CorrelationRules,
    private readonly now: Date,
  ) {
    this.drafts = new Map(incidents.map((incident) => [incident.id, draftOf(incident)]));
    this.items = new Map(
      evidence.map((item) => [
        item.anomalyId,
        { evidence: item, isNew: false, isChanged: false, draft: this.drafts.get(item.incidentId)! },
      ]),
    );
    this.index = new IncidentIndex(incidents.map(stateOf), rules);
  }

  take(news: AnomalyNews): void {
    const known = this.items.get(news.anomalyId);
    if (known === undefined) this.place(news);
    else this.learn(known, news);
  }

  /** With the evidence's home as it is in the end. */
  evidence(which: 'new' | 'changed'): Evidence[] {
    return [...this.items.values()]
      .filter(({ isNew, isChanged }) => (which === 'new' ? isNew : isChanged && !isNew))
      .map(({ evidence, draft }) => ({ ...evidence, incidentId: homeOf(draft).incident.id }));
  }

  /** Incidents as they are to be written, but for title and severity. */
  close(): void {
    for (const draft of this.touched) {
      draft.incident = { ...draft.incident, updatedAt: this.now };
      if (draft.mergedInto === null)
        draft.incident = { ...draft.incident, reach: this.index.reachOf(draft.incident.id) };
    }
  }

  /** A first word of an anomaly. Where its end came first, it arrives here with the end already known. */
  private place(news: AnomalyNews): void {
    const { environmentId: _, ...facts } = news;
    const id = newId(this.now.getTime());
    const decision = this.index.place(correlated(news), id);
    const draft = decision.kind === 'open' ? this.open(id, news) : this.drafts.get(decision.incidentId)!;
    if (decision.kind === 'join') for (const merged of decision.merges) this.merge(draft, this.drafts.get(merged)!);
    if (decision.kind === 'reopen') this.reopen(draft, news);
    const { incident } = draft;
    draft.incident = {
      ...incident,
      sharedLabels: sharedLabelsOf(
        [decision.kind === 'open' ? news.labels : incident.sharedLabels, news.labels],
        this.rules.labels,
      ),
      startedAt: earlier(incident.startedAt, news.startedAt),
      // Something is off again, whatever was believed.
      status: incident.status === 'mitigated' && news.endedAt === null ? awakeStatus(incident) : incident.status,
    };
    const evidence: Evidence = { ...facts, incidentId: draft.incident.id };
    this.items.set(news.anomalyId, { evidence, isNew: true, isChanged: false, draft });
    draft.news.push({ kind: 'evidence-added', evidence });
    if (news.endedAt !== null) draft.news.push({ kind: 'evidence-ended', evidence });
    this.touched.add(draft);
    if (decision.kind === 'attach' || decision.kind === 'join') this.happened('evidence_added', draft);
  }

  /** More of a known anomaly: its end, or a higher peak. Everything else was known and changes nothing. */
  private learn(item: Item, news: AnomalyNews): void {
    const known = item.evidence;
    const ends = known.endedAt === null && news.endedAt !== null;
    const peaks = news.score > known.score;
    if (!ends && !peaks) return;
    const draft = homeOf(item.draft);
    item.evidence = {
      ...known,
      ...(peaks ? peakOf(news) : {}),
      ...(ends ? { endedAt: news.endedAt, endReason: news.endReason } : {}),
    };
    item.isChanged = true;
    this.touched.add(draft);
    if (!ends) return;
    this.index.end(draft.incident.id, correlated(item.evidence));
    draft.news.push({ kind: 'evidence-ended', evidence: item.evidence });
    this.happened('evidence_ended', draft);
  }

  private open(id: string, news: AnomalyNews): Draft {
    const incident: Incident = {
      id,
      number: 0,
      environmentId: this.environmentId,
      status: 'open',
      severity: 'info',
      severityReasons: [],
      title: '',
      sharedLabels: news.labels,
      reach: [],
      startedAt: news.startedAt,
      openedAt: this.now,
      updatedAt: this.now,
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedBy: null,
      resolvedAt: null,
      resolution: null,
      mergedInto: null,
    };
    const draft = draftOf(incident, true);
    this.drafts.set(id, draft);
    this.happened('opened', draft);
    return draft;
  }

  /** Two incidents turned out to be one. The older keeps its status: what nobody acknowledged still calls. */
  private merge(older: Draft, younger: Draft): void {
    const { incident } = younger;
    older.news.push(...younger.news);
    older.incident = {
      ...older.incident,
      sharedLabels: sharedLabelsOf([older.incident.sharedLabels, incident.sharedLabels], this.rules.labels),
      startedAt: earlier(older.incident.startedAt, incident.startedAt),
    };
    younger.mergedInto = older;
    younger.news = [];
    // Nobody has heard of what the same batch opened: it never was an incident of its own.
    if (younger.isNew) {
      this.touched.delete(younger);
      return;
    }
    this.moves.push({ from: younger, to: older });
    younger.incident = {
      ...incident,
      status: 'resolved',
      resolution: 'merged',
      resolvedAt: this.now,
      mergedInto: older.incident.id,
    };
    const data = { into: older.incident.id };
    younger.notes.push({ kind: 'merged', text: `Became part of incident ${older.incident.number}`, data });
    const acknowledged = incident.acknowledgedBy === null ? '' : `, acknowledged by ${incident.acknowledgedBy},`;
    older.notes.push({
      kind: 'merged',
      text: `Incident ${incident.number}${acknowledged} turned out to be the same and became part of this one`,
      data: { from: incident.id },
    });
    this.touched.add(younger);
    this.happened('merged', younger);
  }

  /** Who had acknowledged it still owns it: flapping calls nobody twice. */
  private reopen(draft: Draft, news: AnomalyNews): void {
    const { incident } = draft;
    const after = news.startedAt.getTime() - incident.resolvedAt!.getTime();
    const text =
      after > 0
        ? `Reopened: a related anomaly began ${durationText(after)} after it had resolved by itself`
        : 'Reopened: a related anomaly that began before it resolved by itself still lasts';
    draft.notes.push({ kind: 'reopened', text, data: { anomalyId: news.anomalyId } });
    draft.incident = {
      ...incident,
      status: awakeStatus(incident),
      resolvedAt: null,
      resolvedBy: null,
      resolution: null,
    };
    this.happened('reopened', draft);
  }

  private happened(transition: Happening['transition'], draft: Draft): void {
    this.happenings.push({ transition, draft });
  }
}

/** The incident that a draft is, or became part of. */
export function homeOf(draft: Draft): Draft {
  let home = draft;
  while (home.mergedInto !== null) home = home.mergedInto;
  return home;
}

function draftOf(incident: Incident, isNew = false): Draft {
  return { incident, isNew, mergedInto: null, notes: [], news: [] };
}

function stateOf({ id, number, resolvedAt, resolution, reach }: Incident) {
  if (resolution === 'merged') throw new Error(`incident ${number} holds evidence though it was merged away`);
  return { id, number, resolvedAt: resolvedAt?.getTime() ?? null, resolution, reach };
}

function awakeStatus(incident: Incident): 'open' | 'acknowledged' {
  return incident.acknowledgedBy === null ? 'open' : 'acknowledged';
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function correlated(evidence: Omit<Evidence, 'incidentId'>): CorrelatedAnomaly {
  return {
    anomalyId: evidence.anomalyId,
    seriesId: evidence.seriesId,
    labels: evidence.labels,
    groupId: evidence.groupId ?? null,
    startedAt: evidence.startedAt.getTime(),
    endedAt: evidence.endedAt?.getTime() ?? null,
    ...(evidence.endReason === null ? {} : { endReason: evidence.endReason }),
  };
}
