import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import type { Principal } from '../../platform/http/access.js';
import { EnvironmentKindMismatchError } from './environments.errors.js';
import { EnvironmentsProvisioner, type WantedEnvironment } from './environments.provisioner.js';
import type { Environment, EnvironmentKind } from './environments.reader.js';
import { EnvironmentsRepository } from './environments.repository.js';
import { EnvironmentsService } from './environments.service.js';

@Injectable()
export class SqlEnvironmentsProvisioner extends EnvironmentsProvisioner {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly service: EnvironmentsService,
  ) {
    super();
  }

  /** Leaves an existing environment as it is: a person may have changed its name or tick. */
  override async ensure(wanted: {
    readonly slug: string;
    readonly name: string;
    readonly kind: EnvironmentKind;
    readonly tickSeconds?: number;
  }): Promise<Environment> {
    const environment =
      (await this.environments.bySlug(wanted.slug)) ??
      (await this.service.createForSource(wanted)) ??
      // Another process was faster.
      (await this.environments.bySlug(wanted.slug));
    if (!environment) throw new Error(`environment "${wanted.slug}" was deleted while it was being created`);
    if (environment.kind !== wanted.kind) {
      throw new EnvironmentKindMismatchError(wanted.slug, environment.kind, wanted.kind);
    }
    return environment;
  }

  override create(tx: Transaction, actor: Principal | 'system', wanted: WantedEnvironment): Promise<Environment> {
    return this.service.createIn(tx, actor, wanted);
  }

  override remove(principal: Principal, id: string, confirm: string | undefined): Promise<void> {
    return this.service.delete(principal, id, confirm);
  }
}
