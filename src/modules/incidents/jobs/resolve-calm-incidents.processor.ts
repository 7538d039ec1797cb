import { judgeCalm } from '../../../engine/correlation/calm.js';
import type { CorrelationRules } from '../../../engine/correlation/correlation.types.js';
import { Clock, type EpochMs } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { Database } from '../../../platform/database/database.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EventTime } from '../../environments/index.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { PendingNewsRepository } from '../data/pending-news.repository.js';
import { durationText } from '../grouping/evidence-text.js';
import { correlationRules, incidentsConfig } from '../incidents.config.js';
import { type Happening, IncidentJournal } from '../lifecycle/incident-journal.js';
import { groupAnomalies } from './group-anomalies.job.js';
import { resolveCalmIncidents } from './resolve-calm-incidents.job.js';

/**
 * Resolves what has been calm long enough, by the event time of its environment. Judges again under the lock: an
 * anomaly may arrive in between.
 */
@Processes(resolveCalmIncidents)
export class ResolveCalmIncidentsProcessor implements JobProcessor<typeof resolveCalmIncidents> {
  private readonly rules: CorrelationRules;

  constructor(
    private readonly database: Database,
    private readonly repository: IncidentRepository,
    private readonly pending: PendingNewsRepository,
    private readonly jobs: JobQueue,
    private readonly journal: IncidentJournal,
    private readonly eventTime: EventTime,
    private readonly clock: Clock,
    @InjectConfig(incidentsConfig) config: ConfigOf<typeof incidentsConfig>,
  ) {
    this.rules = correlationRules(config);
  }

  async process(_: PayloadOf<typeof resolveCalmIncidents>, context: Pick<JobContext, 'signal'>): Promise<void> {
    // Should a grouping job have been lost, or have failed for good, this asks for it again.
    const waiting = await this.pending.environments();
    await this.jobs.enqueueMany(
      groupAnomalies,
      waiting.map((environmentId) => ({ environmentId })),
    );
    const active = await this.repository.activeReaches();
    if (active.length === 0) return;
    const eventTimes = await this.eventTime.ofAll();
    for (const incident of active) {
      if (context.signal.aborted) return;
      const now = eventTimes.get(incident.environmentId) ?? null;
      if (now === null || judgeCalm(incident.reach, now, this.rules).state !== 'calm') continue;
      this.journal.observe(await this.resolve(incident.id, incident.environmentId, now));
    }
  }

  private async resolve(id: string, environmentId: string, now: EpochMs): Promise<Happening[]> {
    return this.database.transaction(async (tx) => {
      await this.repository.lockEnvironment(tx, environmentId);
      const incident = await this.repository.get(tx, id);
      if (incident === undefined || incident.status === 'resolved') return [];
      // What is not grouped yet may be of this incident.
      if (await this.pending.has(tx, environmentId)) return [];
      const verdict = judgeCalm(incident.reach, now, this.rules);
      if (verdict.state !== 'calm') return [];
      const at = new Date(this.clock.now());
      const resolved = await this.repository.update(tx, id, {
        status: 'resolved',
        resolution: 'calm',
        resolvedAt: at,
        updatedAt: at,
      });
      const silent = await this.repository.silentSeries(tx, id);
      const doubt =
        silent === 0 ? '' : `; ${silent} series stopped sending, so nobody saw ${silent === 1 ? 'it' : 'them'} recover`;
      const text = `Resolved by itself: no anomaly for ${durationText(now - verdict.since)} (${durationText(this.rules.calmMs)} are enough)${doubt}`;
      await this.journal.note(tx, incident, 'resolved', text, { calmSince: new Date(verdict.since).toISOString() });
      await this.journal.publish(tx, 'resolved', resolved);
      return [{ transition: 'resolved_calm', incident: resolved }];
    });
  }
}
