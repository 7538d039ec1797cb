import type { Page } from '../../kernel/page.js';

export type EnvironmentKind = 'simulated' | 'host' | 'live';

export interface Environment {
  readonly id: string;
  /** Small number that names the environment's storage partitions. Never reused. */
  readonly key: number;
  readonly name: string;
  readonly slug: string;
  readonly kind: EnvironmentKind;
  /** How often detectors look at new samples. */
  readonly tickSeconds: number;
  readonly retentionDays: number;
  /** Ingestion refuses new series beyond this many. */
  readonly maxSeries: number;
  readonly createdAt: Date;
}

/** What other modules may ask about environments. `get` and `byId` answer from a short-lived cache. */
export abstract class EnvironmentsReader {
  /** Throws `environments.environment_not_found`. */
  abstract get(id: string): Promise<Environment>;
  abstract find(id: string): Promise<Environment | undefined>;
  abstract all(): Promise<readonly Environment[]>;
  abstract page(limit: number, cursor?: string): Promise<Page<Environment>>;
}
