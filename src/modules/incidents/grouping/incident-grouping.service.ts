import { Injectable, Logger } from '@nestjs/common';
import type { CorrelationRules } from '../../../engine/correlation/correlation.types.js';
import { looksBackMs } from '../../../engine/correlation/decide.js';
import { judgeSeverity } from '../../../engine/correlation/severity.js';
import { titleOf } from '../../../engine/correlation/title.js';
import { topicOf, type TopicSummary } from '../../../engine/correlation/topics.js';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { type Environment, EnvironmentsReader } from '../../environments/index.js';
import type { Evidence } from '../data/incident.rows.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { type AnomalyNews, PendingNewsRepository } from '../data/pending-news.repository.js';
import { correlationRules, incidentsConfig } from '../incidents.config.js';
import { type Happening, IncidentJournal } from '../lifecycle/incident-journal.js';
import { EvidenceTimeline } from './evidence-timeline.js';
import { type Draft, GroupingBatch } from './grouping-batch.js';

/** Most news in one transaction: a second's work or so. */
const BATCH = 2_000;

/** Puts anomalies where the engine decides they belong, and keeps title and severity true to the evidence. */
@Injectable()
export class IncidentGrouping {
  private readonly logger = new Logger(IncidentGrouping.name);
  private readonly rules: CorrelationRules;

  constructor(
    private readonly database: Database,
    private readonly repository: IncidentRepository,
    private readonly pending: PendingNewsRepository,
    private readonly journal: IncidentJournal,
    private readonly timeline: EvidenceTimeline,
    private readonly environments: EnvironmentsReader,
    private readonly clock: Clock,
    @InjectConfig(incidentsConfig) config: ConfigOf<typeof incidentsConfig>,
  ) {
    this.rules = correlationRules(config);
  }

  /** Works off all that is pending of an environment. Returns how many news there were. */
  async group(environmentId: string, signal?: AbortSignal): Promise<number> {
    const environment = await this.environments.find(environmentId);
    if (environment === undefined) {
      // Deleted between the event and its grouping; what was pending and its incidents went with it.
      this.logger.debug({ msg: 'anomalies of an environment that is gone', environmentId });
      return 0;
    }
    for (let done = 0; ;) {
      const { count, happenings } = await this.database.transaction((tx) => this.groupSome(tx, environment));
      this.journal.observe(happenings);
      done += count;
      if (count < BATCH || signal?.aborted) return done;
    }
  }

  private async groupSome(
    tx: Transaction,
    environment: Environment,
  ): Promise<{ readonly count: number; readonly happenings: readonly Happening[] }> {
    await this.repository.lockEnvironment(tx, environment.id);
    const news = await this.pending.take(tx, environment.id, BATCH);
    if (news.length === 0) return { count: 0, happenings: [] };
    const batch = await this.load(tx, environment, news);
    for (const item of news) batch.take(item);
    batch.close();
    if (batch.touched.size > 0) await this.write(tx, batch, environment);
    return { count: news.length, happenings: summed(batch) };
  }

  private async load(tx: Transaction, environment: Environment, news: readonly AnomalyNews[]): Promise<GroupingBatch> {
    const known = await this.repository.evidence(tx, [...new Set(news.map(({ anomalyId }) => anomalyId))]);
    const earliest = news.reduce((first, { startedAt }) => Math.min(first, startedAt.getTime()), Infinity);
    const incidents = await this.repository.relevant(tx, environment.id, new Date(earliest - looksBackMs(this.rules)), [
      ...new Set(known.map(({ incidentId }) => incidentId)),
    ]);
    return new GroupingBatch(incidents, known, environment.id, this.rules, new Date(this.clock.now()));
  }

  private async write(tx: Transaction, batch: GroupingBatch, environment: Environment): Promise<void> {
    const touched = [...batch.touched];
    const fresh = touched.filter(({ isNew }) => isNew);
    const changed = touched.filter(({ isNew }) => !isNew);
    for (const { from, to } of batch.moves) await this.repository.moveEvidence(tx, from.incident.id, to.incident.id);

    const evidence = batch.evidence('new').map((item) => ({ ...item, ...topicOf(item.labels) }));
    const freshTopics = topicsOf(evidence, new Set(fresh.map(({ incident }) => incident.id)));
    for (const draft of fresh) this.judge(draft, freshTopics.get(draft.incident.id)!, environment);
    const inserted = await this.repository.insert(
      tx,
      fresh.map(({ incident }) => incident),
    );
    const rows = new Map(inserted.map((incident) => [incident.id, incident]));
    for (const draft of fresh) draft.incident = rows.get(draft.incident.id)!;
    await this.repository.addEvidence(tx, evidence, new Date(this.clock.now()));
    await this.repository.changeEvidence(tx, batch.evidence('changed'));

    // What is resolved keeps the title and severity that it was resolved with.
    const active = changed.filter(({ incident }) => incident.status !== 'resolved');
    const topics = await this.repository.topics(
      tx,
      active.map(({ incident }) => incident.id),
    );
    for (const draft of active) this.judge(draft, topics.get(draft.incident.id)!, environment);
    await this.repository.save(
      tx,
      changed.map(({ incident }) => incident),
    );

    await this.journal.noteMany(
      tx,
      touched.flatMap(({ incident, notes }) => notes.map((note) => ({ incident, ...note }))),
    );
    const told = touched.filter(({ news }) => news.length > 0);
    await this.timeline.write(tx, new Map(told.map(({ incident, news }) => [incident.id, news])));
    await this.journal.publishMany(
      tx,
      touched.map(({ incident, isNew, mergedInto }) => ({
        event: isNew ? ('opened' as const) : mergedInto === null ? ('updated' as const) : ('resolved' as const),
        incident,
      })),
    );
  }

  /** Title and severity from all evidence. */
  private judge(draft: Draft, topics: readonly TopicSummary[], environment: Environment): void {
    const { incident, notes } = draft;
    const { severity, reasons } = judgeSeverity(topics);
    if (draft.isNew) {
      const text = `Opened as ${severity}: ${reasons.join(', ')}`;
      notes.unshift({ kind: 'opened', text, data: { severity, reasons } });
    } else if (severity !== incident.severity) {
      const text = `Severity changed from ${incident.severity} to ${severity}: ${reasons.join(', ')}`;
      notes.push({ kind: 'severity-changed', text, data: { from: incident.severity, to: severity, reasons } });
    }
    draft.incident = {
      ...incident,
      severity,
      severityReasons: reasons,
      title: titleOf({
        topics,
        sharedLabels: incident.sharedLabels,
        environmentName: environment.name,
        startedAt: incident.startedAt.getTime(),
      }),
    };
  }
}

/** Topics of new incidents: all their evidence is at hand. */
function topicsOf(
  evidence: readonly (Evidence & ReturnType<typeof topicOf>)[],
  incidentIds: ReadonlySet<string>,
): Map<string, TopicSummary[]> {
  const byIncident = new Map<
    string,
    Map<string, TopicSummary & { series: number; peakScore: number; ids: Set<number> }>
  >();
  for (const { incidentId, topic, signal, seriesId, score } of evidence) {
    if (!incidentIds.has(incidentId)) continue;
    const topics = byIncident.get(incidentId) ?? new Map();
    byIncident.set(incidentId, topics);
    const key = `${topic} ${signal}`;
    const known = topics.get(key) ?? { topic, signal, series: 0, peakScore: score, ids: new Set<number>() };
    topics.set(key, known);
    known.ids.add(seriesId);
    known.series = known.ids.size;
    known.peakScore = Math.max(known.peakScore, score);
  }
  return new Map([...byIncident].map(([id, topics]) => [id, [...topics.values()]]));
}

/** One happening for each kind and incident, however many anomalies it stands for. */
function summed(batch: GroupingBatch): Happening[] {
  const counts = new Map<Draft, Map<Happening['transition'], number>>();
  for (const { transition, draft } of batch.happenings) {
    // What was opened and merged by the same batch never was.
    if (transition === 'opened' && draft.mergedInto !== null) continue;
    const own = counts.get(draft) ?? new Map<Happening['transition'], number>();
    counts.set(draft, own.set(transition, (own.get(transition) ?? 0) + 1));
  }
  return [...counts].flatMap(([{ incident }, own]) =>
    [...own].map(([transition, count]) => ({ transition, incident, count })),
  );
}
