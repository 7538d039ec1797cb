import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { InjectConfig, type ConfigOf } from '../../platform/config/define-config.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { EventBus } from '../../platform/events/event-bus.js';
import type { Principal } from '../../platform/http/access.js';
import { AuditTrail } from '../audit/index.js';
import { CachedEnvironmentsReader } from './cached-environments.reader.js';
import { environmentsConfig } from './environments.config.js';
import {
  DeletionNotConfirmedError,
  EnvironmentNotFoundError,
  KindNotCreatableError,
  SlugTakenError,
} from './environments.errors.js';
import { EnvironmentChanged, EnvironmentCreated, EnvironmentDeleted } from './environments.events.js';
import type { Environment, EnvironmentKind } from './environments.reader.js';
import { EnvironmentsRepository, type EnvironmentSettings } from './environments.repository.js';
import { numberedSlug, slugOf } from './slug.js';

export interface EnvironmentRequest extends Partial<EnvironmentSettings> {
  readonly name: string;
  readonly slug?: string;
  readonly kind: EnvironmentKind;
}

type Actor = Principal | 'system';

/** Environments of the same name beyond this many must bring their own slugs. */
const MAX_NUMBERED = 100;

/** Creates, changes and deletes environments, each with its event and its audit entry in one transaction. */
@Injectable()
export class EnvironmentsService {
  constructor(
    @InjectConfig(environmentsConfig) private readonly defaults: ConfigOf<typeof environmentsConfig>,
    private readonly db: Database,
    private readonly environments: EnvironmentsRepository,
    private readonly reader: CachedEnvironmentsReader,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** On behalf of a person or a token. Throws `environments.slug_taken`, `environments.kind_not_creatable`. */
  async create(principal: Principal, request: EnvironmentRequest): Promise<Environment> {
    if (request.kind !== 'live') throw new KindNotCreatableError(request.kind);
    return this.db.transaction((tx) => this.createIn(tx, principal, request));
  }

  /** Of any kind: for sources that make their own. Throws `environments.slug_taken`. */
  async createIn(tx: Transaction, actor: Actor, request: EnvironmentRequest): Promise<Environment> {
    const attempts = request.slug === undefined ? MAX_NUMBERED : 1;
    const slug = request.slug ?? slugOf(request.name);
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const created = await this.insert(tx, actor, { ...request, slug: numberedSlug(slug, attempt) });
      if (created) return created;
    }
    throw new SlugTakenError(slug);
  }

  /** Undefined when the slug is taken. */
  async createForSource(request: EnvironmentRequest & { readonly slug: string }): Promise<Environment | undefined> {
    return this.db.transaction((tx) => this.insert(tx, 'system', request));
  }

  async change(principal: Principal, id: string, changes: Partial<EnvironmentSettings>): Promise<Environment> {
    const changed = await this.db.transaction(async (tx) => {
      const before = await this.environments.lock(tx, id);
      if (!before) throw new EnvironmentNotFoundError(id);
      const after = { ...before, ...definedOf(changes) };
      await this.environments.update(tx, id, after, new Date(this.clock.now()));
      await this.publish(tx, EnvironmentChanged, after);
      await this.record(tx, 'environments.change', principal, after, {
        before: settingsOf(before),
        after: settingsOf(after),
      });
      return after;
    });
    this.reader.forget(id);
    return changed;
  }

  /** `confirm` must repeat the slug: nothing of the environment can be brought back. */
  async delete(principal: Principal, id: string, confirm: string | undefined): Promise<void> {
    await this.db.transaction(async (tx) => {
      const environment = await this.environments.lock(tx, id);
      if (!environment) throw new EnvironmentNotFoundError(id);
      if (confirm !== environment.slug) throw new DeletionNotConfirmedError(environment.slug);
      await this.environments.delete(tx, id);
      await this.publish(tx, EnvironmentDeleted, environment);
      await this.record(tx, 'environments.delete', principal, environment, {
        slug: environment.slug,
        key: environment.key,
      });
    });
    this.reader.forget(id);
  }

  private async insert(
    tx: Transaction,
    actor: Actor,
    request: EnvironmentRequest & { readonly slug: string },
  ): Promise<Environment | undefined> {
    const now = this.clock.now();
    const created = await this.environments.insert(tx, {
      id: newId(now),
      name: request.name,
      slug: request.slug,
      kind: request.kind,
      tickSeconds: request.tickSeconds ?? this.defaults.tickSeconds,
      retentionDays: request.retentionDays ?? this.defaults.retentionDays,
      maxSeries: request.maxSeries ?? this.defaults.maxSeries,
      createdAt: new Date(now),
    });
    if (!created) return undefined;
    await this.publish(tx, EnvironmentCreated, created);
    await this.record(tx, 'environments.create', actor, created, { slug: created.slug, ...settingsOf(created) });
    return created;
  }

  private async publish(
    tx: Transaction,
    event: typeof EnvironmentCreated | typeof EnvironmentChanged | typeof EnvironmentDeleted,
    { id, key, name, kind }: Environment,
  ): Promise<void> {
    await this.events.publish(tx, event, { environmentId: id, key, name, kind }, { environmentId: id });
  }

  private async record(
    tx: Transaction,
    action: string,
    actor: Actor,
    environment: Environment,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { id } = environment;
    await this.audit.record(tx, {
      action,
      actor,
      subjectType: 'environment',
      subjectId: id,
      environmentId: id,
      outcome: 'allowed',
      details,
    });
  }
}

function settingsOf({ name, tickSeconds, retentionDays, maxSeries }: Environment): EnvironmentSettings {
  return { name, tickSeconds, retentionDays, maxSeries };
}

/** An absent field must not overwrite what is there. */
function definedOf(changes: Partial<EnvironmentSettings>): Partial<EnvironmentSettings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
