import { Injectable, Logger } from '@nestjs/common';
import type { CorrelatedAnomaly, CorrelationRules } from '../../../engine/correlation/correlation.types.js';
import { decide, looksBackMs } from '../../../engine/correlation/decide.js';
import { endInReach, mergeReach, reachOf } from '../../../engine/correlation/reach.js';
import { judgeSeverity } from '../../../engine/correlation/severity.js';
import { sharedLabelsOf, titleOf } from '../../../engine/correlation/title.js';
import { topicOf } from '../../../engine/correlation/topics.js';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { type Environment, EnvironmentsReader } from '../../environments/index.js';
import type { Evidence, Incident } from '../data/incident.rows.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { correlationRules, incidentsConfig } from '../incidents.config.js';
import { IncidentJournal, type Happening } from '../lifecycle/incident-journal.js';
import { durationText, endText, evidenceText } from './evidence-text.js';

/** What an anomaly event says; one without an end says nothing about whether the anomaly still lasts. */
export type AnomalyNews = Omit<Evidence, 'incidentId'> & { readonly environmentId: string };

/** Puts anomalies where the engine decides they belong, and keeps title and severity true to the evidence. */
@Injectable()
export class IncidentGrouping {
  private readonly logger = new Logger(IncidentGrouping.name);
  private readonly rules: CorrelationRules;

  constructor(
    private readonly database: Database,
    private readonly repository: IncidentRepository,
    private readonly journal: IncidentJournal,
    private readonly environments: EnvironmentsReader,
    private readonly clock: Clock,
    @InjectConfig(incidentsConfig) config: ConfigOf<typeof incidentsConfig>,
  ) {
    this.rules = correlationRules(config);
  }

  async take(news: AnomalyNews): Promise<void> {
    const environment = await this.environments.find(news.environmentId);
    if (environment === undefined) {
      // Deleted between the event and its delivery; its incidents went with it.
      this.logger.debug({ msg: 'anomaly of an environment that is gone', environmentId: news.environmentId });
      return;
    }
    const happenings = await this.database.transaction(async (tx) => {
      await this.repository.lockEnvironment(tx, environment.id);
      const known = await this.repository.evidence(tx, news.anomalyId);
      return known === undefined ? this.place(tx, news, environment) : this.learn(tx, known, news, environment);
    });
    this.journal.observe(happenings);
  }

  /** A first word of an anomaly. Where its end came first, it arrives here with the end already known. */
  private async place(tx: Transaction, news: AnomalyNews, environment: Environment): Promise<Happening[]> {
    const anomaly = correlated(news);
    const since = new Date(news.startedAt.getTime() - looksBackMs(this.rules));
    const decision = decide(anomaly, await this.repository.states(tx, environment.id, since), this.rules);
    if (decision.kind === 'open') return this.open(tx, news, environment);

    const happenings: Happening[] = [];
    let incident = (await this.repository.get(tx, decision.incidentId))!;
    if (decision.kind === 'join') {
      for (const id of decision.merges) {
        const younger = (await this.repository.get(tx, id))!;
        incident = await this.mergeInto(tx, incident, younger);
        happenings.push({ transition: 'merged', incident: younger });
      }
    }
    await this.addEvidence(tx, incident, news);
    incident = await this.repository.update(tx, incident.id, {
      reach: mergeReach(incident.reach, reachOf(anomaly, this.rules)),
      sharedLabels: sharedLabelsOf([incident.sharedLabels, news.labels], this.rules.labels),
      startedAt: news.startedAt < incident.startedAt ? news.startedAt : incident.startedAt,
    });
    if (decision.kind === 'reopen') incident = await this.reopen(tx, incident, news);
    // Something is off again, whatever was believed.
    if (incident.status === 'mitigated' && news.endedAt === null) {
      incident = await this.repository.update(tx, incident.id, { status: awakeStatus(incident) });
    }
    incident = await this.refresh(tx, incident, environment);
    await this.journal.publish(tx, 'updated', incident);
    happenings.push({ transition: decision.kind === 'reopen' ? 'reopened' : 'evidence_added', incident });
    return happenings;
  }

  private async open(tx: Transaction, news: AnomalyNews, environment: Environment): Promise<Happening[]> {
    const now = new Date(this.clock.now());
    const topics = [{ ...topicOf(news.labels), series: 1, peakScore: news.score }];
    const { severity, reasons } = judgeSeverity(topics);
    const sharedLabels = sharedLabelsOf([news.labels], this.rules.labels);
    const incident = await this.repository.insert(tx, {
      id: newId(now.getTime()),
      environmentId: environment.id,
      severity,
      severityReasons: reasons,
      title: titleOf({ topics, sharedLabels, environmentName: environment.name, startedAt: news.startedAt.getTime() }),
      sharedLabels,
      reach: reachOf(correlated(news), this.rules),
      startedAt: news.startedAt,
      openedAt: now,
    });
    await this.journal.note(tx, incident, 'opened', `Opened as ${severity}: ${reasons.join(', ')}`, {
      severity,
      reasons,
    });
    await this.addEvidence(tx, incident, news);
    await this.journal.publish(tx, 'opened', incident);
    return [{ transition: 'opened', incident }];
  }

  /** More of a known anomaly: its end, or a higher peak. Everything else was known and changes nothing. */
  private async learn(
    tx: Transaction,
    known: Evidence,
    news: AnomalyNews,
    environment: Environment,
  ): Promise<Happening[]> {
    const ends = known.endedAt === null && news.endedAt !== null;
    const peaks = news.score > known.score;
    if (!ends && !peaks) return [];
    const evidence: Evidence = {
      ...(peaks ? { ...known, ...peakOf(news) } : known),
      ...(ends ? { endedAt: news.endedAt, endReason: news.endReason } : {}),
    };
    await this.repository.changeEvidence(tx, evidence);
    let incident = (await this.repository.get(tx, known.incidentId))!;
    if (ends) {
      incident = await this.repository.update(tx, incident.id, {
        reach: endInReach(incident.reach, correlated(evidence), this.rules),
      });
      const text = endText(known.labels, evidence.endedAt!, evidence.endReason ?? 'calm', evidence.score);
      await this.journal.note(tx, incident, 'evidence-ended', text, {
        anomalyId: known.anomalyId,
        reason: evidence.endReason,
      });
    }
    incident = await this.refresh(tx, incident, environment);
    await this.journal.publish(tx, 'updated', incident);
    return ends ? [{ transition: 'evidence_ended', incident }] : [];
  }

  /** Two incidents turned out to be one. The older keeps its status: what nobody acknowledged still calls. */
  private async mergeInto(tx: Transaction, older: Incident, younger: Incident): Promise<Incident> {
    const now = new Date(this.clock.now());
    await this.repository.moveEvidence(tx, younger.id, older.id);
    const closed = await this.repository.update(tx, younger.id, {
      status: 'resolved',
      resolution: 'merged',
      resolvedAt: now,
      updatedAt: now,
      mergedInto: older.id,
    });
    await this.journal.note(tx, closed, 'merged', `Became part of incident ${older.number}`, { into: older.id });
    await this.journal.publish(tx, 'resolved', closed);
    const acknowledged = younger.acknowledgedBy === null ? '' : `, acknowledged by ${younger.acknowledgedBy},`;
    await this.journal.note(
      tx,
      older,
      'merged',
      `Incident ${younger.number}${acknowledged} turned out to be the same and became part of this one`,
      {
        from: younger.id,
      },
    );
    return this.repository.update(tx, older.id, {
      reach: mergeReach(older.reach, younger.reach),
      sharedLabels: sharedLabelsOf([older.sharedLabels, younger.sharedLabels], this.rules.labels),
      startedAt: younger.startedAt < older.startedAt ? younger.startedAt : older.startedAt,
    });
  }

  /** Who had acknowledged it still owns it: flapping calls nobody twice. */
  private async reopen(tx: Transaction, incident: Incident, news: AnomalyNews): Promise<Incident> {
    const after = news.startedAt.getTime() - incident.resolvedAt!.getTime();
    const text =
      after > 0
        ? `Reopened: a related anomaly began ${durationText(after)} after it had resolved by itself`
        : 'Reopened: a related anomaly that began before it resolved by itself still lasts';
    await this.journal.note(tx, incident, 'reopened', text, { anomalyId: news.anomalyId });
    return this.repository.update(tx, incident.id, {
      status: awakeStatus(incident),
      resolvedAt: null,
      resolvedBy: null,
      resolution: null,
    });
  }

  private async addEvidence(tx: Transaction, incident: Incident, news: AnomalyNews): Promise<void> {
    const addedAt = new Date(this.clock.now());
    await this.repository.addEvidence(tx, { ...news, ...topicOf(news.labels), incidentId: incident.id, addedAt });
    await this.journal.note(tx, incident, 'evidence-added', evidenceText(news), {
      ...peakOf(news),
      anomalyId: news.anomalyId,
      seriesId: news.seriesId,
    });
    if (news.endedAt !== null) {
      const text = endText(news.labels, news.endedAt, news.endReason ?? 'calm', news.score);
      await this.journal.note(tx, incident, 'evidence-ended', text, {
        anomalyId: news.anomalyId,
        reason: news.endReason,
      });
    }
  }

  /** Title and severity from all evidence. What is resolved keeps those it was resolved with. */
  private async refresh(tx: Transaction, incident: Incident, environment: Environment): Promise<Incident> {
    const updatedAt = new Date(this.clock.now());
    if (incident.status === 'resolved') return this.repository.update(tx, incident.id, { updatedAt });
    const topics = await this.repository.topics(tx, incident.id);
    const { severity, reasons } = judgeSeverity(topics);
    if (severity !== incident.severity) {
      const text = `Severity changed from ${incident.severity} to ${severity}: ${reasons.join(', ')}`;
      await this.journal.note(tx, incident, 'severity-changed', text, {
        from: incident.severity,
        to: severity,
        reasons,
      });
    }
    return this.repository.update(tx, incident.id, {
      updatedAt,
      severity,
      severityReasons: reasons,
      title: titleOf({
        topics,
        sharedLabels: incident.sharedLabels,
        environmentName: environment.name,
        startedAt: incident.startedAt.getTime(),
      }),
    });
  }
}

function awakeStatus(incident: Incident): 'open' | 'acknowledged' {
  return incident.acknowledgedBy === null ? 'open' : 'acknowledged';
}

function correlated(evidence: Omit<Evidence, 'incidentId'>): CorrelatedAnomaly {
  return {
    anomalyId: evidence.anomalyId,
    seriesId: evidence.seriesId,
    labels: evidence.labels,
    startedAt: evidence.startedAt.getTime(),
    endedAt: evidence.endedAt?.getTime() ?? null,
    ...(evidence.endReason === null ? {} : { endReason: evidence.endReason }),
  };
}

function peakOf(news: AnomalyNews): Pick<Evidence, 'peakAt' | 'score' | 'value' | 'yhat' | 'yhatLower' | 'yhatUpper'> {
  const { peakAt, score, value, yhat, yhatLower, yhatUpper } = news;
  return { peakAt, score, value, yhat, yhatLower, yhatUpper };
}
