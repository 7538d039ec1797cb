import { EMPTY, type Observable } from 'rxjs';
import { Clock } from '../../../../src/kernel/clock.js';
import type { Page } from '../../../../src/kernel/page.js';
import type { Transaction } from '../../../../src/platform/database/database.js';
import type { AnyEvent, DeliveredEvent, EventPayload } from '../../../../src/platform/events/define-event.js';
import { EventBus } from '../../../../src/platform/events/event-bus.js';
import type { AnyJob, PayloadInput } from '../../../../src/platform/queue/define-job.js';
import { JobQueue } from '../../../../src/platform/queue/job-queue.js';
import { AuditTrail, type AuditEntry } from '../../../../src/modules/audit/index.js';
import { type Environment, EnvironmentsReader } from '../../../../src/modules/environments/index.js';

export class SettableClock extends Clock {
  constructor(public time: number) {
    super();
  }
  override now(): number {
    return this.time;
  }
}

/** Keeps what was published. A publish that fails is not kept. */
export class RecordingBus extends EventBus {
  readonly published: { type: string; payload: unknown; environmentId?: string }[] = [];
  /** Set to make the next publish fail, as a lost connection would. */
  failNext = false;

  override async publish<E extends AnyEvent>(
    _: Transaction,
    event: E,
    payload: EventPayload<E>,
    options: { environmentId?: string } = {},
  ): Promise<void> {
    if (this.failNext) {
      this.failNext = false;
      throw new Error('connection lost');
    }
    this.published.push({ type: event.type, payload: event.payload.parse(payload), ...options });
  }

  override tail(): Observable<DeliveredEvent> {
    return EMPTY;
  }

  types(): string[] {
    return this.published.map((event) => event.type.replace('incidents.incident-', ''));
  }
}

/** Keeps what was asked for; nothing runs. */
export class RecordingJobs extends JobQueue {
  readonly enqueued: { job: string; payload: unknown }[] = [];

  override async enqueue<J extends AnyJob>(job: J, payload: PayloadInput<J>): Promise<void> {
    this.enqueued.push({ job: job.name, payload });
  }
  override async enqueueMany<J extends AnyJob>(job: J, payloads: readonly PayloadInput<J>[]): Promise<void> {
    for (const payload of payloads) await this.enqueue(job, payload);
  }
  override async upsertSchedule(): Promise<void> {}
  override async removeSchedule(): Promise<void> {}
}

export class RecordingAudit extends AuditTrail {
  readonly entries: AuditEntry[] = [];
  override async record(_: Transaction, entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
  }
}

export class FixedEnvironments extends EnvironmentsReader {
  constructor(private readonly known: readonly Environment[]) {
    super();
  }
  override async get(id: string): Promise<Environment> {
    const environment = await this.find(id);
    if (!environment) throw new Error(`no environment ${id}`);
    return environment;
  }
  override async find(id: string): Promise<Environment | undefined> {
    return this.known.find((environment) => environment.id === id);
  }
  override async all(): Promise<readonly Environment[]> {
    return this.known;
  }
  override async page(): Promise<Page<Environment>> {
    return { items: this.known, nextCursor: null };
  }
}
