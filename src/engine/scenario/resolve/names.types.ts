import type { RawEntry } from '../schema/load.schema.js';
import type { RawService } from '../schema/service.schema.js';
import type { RawStore } from '../schema/store.schema.js';

/** What faults and changes refer to. Undefined: it is there but cannot be read, so nothing more is said about it. */
export interface FleetNames {
  readonly services: ReadonlyMap<
    string,
    { readonly clusters?: readonly string[] | undefined; readonly consumes?: unknown } | undefined
  >;
  readonly stores: ReadonlyMap<
    string,
    | { readonly kind: 'database'; readonly replicas: number }
    | { readonly kind: 'cache' | 'queue' | 'external' }
    | undefined
  >;
  readonly entries: ReadonlyMap<string, { readonly to: string } | undefined>;
  /** Clusters with their region. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Clusters with their node pools. */
  readonly pools: ReadonlyMap<string, readonly string[]>;
  /** Regions with their zones. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
}

/** The same, with what the rest of a scenario asks of services, stores and entry points. */
export interface Names extends FleetNames {
  readonly services: ReadonlyMap<string, RawService | undefined>;
  readonly stores: ReadonlyMap<string, RawStore | undefined>;
  readonly entries: ReadonlyMap<string, RawEntry | undefined>;
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
