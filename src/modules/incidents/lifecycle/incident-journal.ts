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
  resolved: IncidentResolved,
  opened: IncidentOpened,
  updated: IncidentUpdated,
  acknowledged: IncidentAcknowledged,
} as const;

/** What a transaction did, to be counted once it has committed. */
export interface Happening {
  readonly transition: Transition;
  readonly incident: Incident;
  /** How often, 1 where it is left out. */
  readonly count?: number;
}

export type IncidentEventName = keyof typeof EVENTS;

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
    await this.noteMany(tx, [{ incident, kind, text, data, actor }]);
  }

  /** In the order given. */
  async noteMany(
    tx: Transaction,
    notes: readonly (Omit<TimelineEntry, 'at' | 'actor'> & {
      readonly incident: Incident;
      readonly actor?: string | null;
    })[],
  ): Promise<void> {
    const at = new Date(this.clock.now());
    await this.repository.addTimeline(
      tx,
      notes.map(({ incident, actor = null, ...note }) => ({ ...note, incidentId: incident.id, actor, at })),
    );
  }

  async publish(tx: Transaction, event: IncidentEventName, incident: Incident): Promise<void> {
    await this.publishMany(tx, [{ event, incident }]);
  }

  /** One event for each, with the incident as it is now; all of one environment. */
  async publishMany(
    tx: Transaction,
    happened: readonly { readonly event: IncidentEventName; readonly incident: Incident }[],
  ): Promise<void> {
    const snapshots = await this.snapshots.inTransaction(
      tx,
      happened.map(({ incident }) => incident),
    );
    const environmentId = happened[0]?.incident.environmentId;
    for (const name of Object.keys(EVENTS) as IncidentEventName[]) {
      const payloads = snapshots.filter((_, index) => happened[index]!.event === name);
      await this.events.publishMany(tx, EVENTS[name], payloads, { ...(environmentId && { environmentId }) });
    }
  }

  /** After the commit. */
  observe(happenings: readonly Happening[]): void {
    for (const { transition, incident, count = 1 } of happenings) {
      this.transitions.inc({ transition }, count);
      if (transition === 'opened') {
        this.timeToDetect.observe(Math.max(0, incident.openedAt.getTime() - incident.startedAt.getTime()) / 1_000);
      }
      const quiet = transition === 'evidence_added' || transition === 'evidence_ended';
      this.logger[quiet ? 'debug' : 'log']({
        msg: `incident ${transition.replace('_', ' ')}`,
        incident: incident.number,
        severity: incident.severity,
        ...(count > 1 && { count }),
      });
    }
  }
}
