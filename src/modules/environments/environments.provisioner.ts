import type { Transaction } from '../../platform/database/database.js';
import type { Principal } from '../../platform/http/access.js';
import type { Environment, EnvironmentKind } from './environments.reader.js';

export interface WantedEnvironment {
  readonly name: string;
  /** Made from the name, and numbered, where it is left out. */
  readonly slug?: string;
  readonly kind: EnvironmentKind;
  readonly tickSeconds?: number;
  readonly retentionDays?: number;
  readonly maxSeries?: number;
}

/** Lets sources create the environment they write to. */
export abstract class EnvironmentsProvisioner {
  /** Idempotent by slug. */
  abstract ensure(environment: {
    readonly slug: string;
    readonly name: string;
    readonly kind: EnvironmentKind;
    readonly tickSeconds?: number;
  }): Promise<Environment>;
  /** In the caller's transaction, of any kind. Throws `environments.slug_taken`. */
  abstract create(tx: Transaction, actor: Principal | 'system', wanted: WantedEnvironment): Promise<Environment>;
  /**
   * With all its data. `confirm` must repeat the slug. Throws `environments.environment_not_found`,
   * `environments.deletion_not_confirmed`.
   */
  abstract remove(principal: Principal, id: string, confirm: string | undefined): Promise<void>;
}
