import type { RawEntry } from '../schema/load.schema.js';
import type { RawService } from '../schema/service.schema.js';
import type { RawStore } from '../schema/store.schema.js';

/** What can be referred to. Undefined: it is there but cannot be read, so nothing more is said about it. */
export interface Names {
  readonly services: ReadonlyMap<string, RawService | undefined>;
  readonly stores: ReadonlyMap<string, RawStore | undefined>;
  readonly entries: ReadonlyMap<string, RawEntry | undefined>;
  /** Clusters with their region. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Regions with their zones. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
}

/** Operations of a service that can be read; one without a name of its own is `request`. */
export function operationsOf(service: RawService): readonly string[] {
  return service.operations ? Object.keys(service.operations) : [SINGLE_OPERATION];
}

export const SINGLE_OPERATION = 'request';

export const STORE_OPERATIONS = {
  database: ['read', 'write'],
  cache: ['get'],
  queue: ['publish'],
  external: ['call'],
} as const;
