import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import type { Transaction } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/events/event-bus.js';
import type { Incident, TimelineEntry } from '../data/incident.rows.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { IncidentSnapshots } from '../data/incident.snapshots.js';
import { IncidentAcknowledged, IncidentOpened, IncidentResolved, IncidentUpdated } from '../incidents.events.js';
import { TIME_TO_DETECT_SECONDS, TRANSITIONS_TOTAL, type Transition } from '../incidents.metrics.js';

const EVENTS = {
  opened: IncidentOpened,
  updated: IncidentUpdated,
  acknowledged: IncidentAcknowledged,
  resolved: IncidentResolved,
} as const;

/** What a transaction did, to be counted once it has committed. */
export interface Happening {
  readonly transition: Transition;
  readonly incident: Incident;
}

/** Tells what happened to incidents: timeline and events in the transaction, metrics and log after it. */
@Injectable()
export class IncidentJournal {
  private readonly logger = new Logger('Incidents');

  constructor(
    private readonly repository: IncidentRepository,
    private readonly snapshots: IncidentSnapshots,
    private readonly events: EventBus,
    private readonly clock: Clock,
    @InjectMetric(TRANSITIONS_TOTAL) private readonly transitions: Counter<'transition'>,
    @InjectMetric(TIME_TO_DETECT_SECONDS) private readonly timeToDetect: Histogram,
  ) {}

  async note(
    tx: Transaction,
    incident: Incident,
    kind: TimelineEntry['kind'],
    text: string,
    data: Readonly<Record<string, unknown>> = {},
    actor: string | null = null,
  ): Promise<void> {
    await this.repository.addTimeline(tx, incident.id, { at: new Date(this.clock.now()), kind, actor, text, data });
  }

  async publish(tx: Transaction, event: keyof typeof EVENTS, incident: Incident): Promise<void> {
    const snapshot = await this.snapshots.inTransaction(tx, incident);
    await this.events.publish(tx, EVENTS[event], snapshot, { environmentId: incident.environmentId });
  }

  /** After the commit. */
  observe(happenings: readonly Happening[]): void {
    for (const { transition, incident } of happenings) {
      this.transitions.inc({ transition });
      if (transition === 'opened') {
        this.timeToDetect.observe(Math.max(0, incident.openedAt.getTime() - incident.startedAt.getTime()) / 1_000);
      }
      const quiet = transition === 'evidence_added' || transition === 'evidence_ended';
      this.logger[quiet ? 'debug' : 'log']({
        msg: `incident ${transition.replace('_', ' ')}`,
        incident: incident.number,
        severity: incident.severity,
      });
    }
  }
}
