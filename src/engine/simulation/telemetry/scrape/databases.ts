import type { DatabaseSpec } from '../../../scenario/component.types.js';
import type { DatabaseState } from '../../stores.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { BACKEND_STATES, LOCK_MODES } from '../layout/store-blocks.js';
import { REPLICA_COLUMNS } from '../telemetry-state.js';
import { hashShare, momentaryCount } from './hash-noise.js';
import type { ScrapeContext } from './scrape-context.js';
import { ROUNDING } from './whole-shares.js';

/** Blocks that a query looks at, and the share of them found in shared buffers. */
const BLOCKS_PER_QUERY = 40;
const BUFFER_HIT_RATIO = 0.99;

/** Offsets after `up` in the block of an instance. */
const UP = 1;
const BACKENDS = 2;
const COMMITS = 3;
const ROLLBACKS = 4;
const BLOCKS_HIT = 6;
const BLOCKS_READ = 7;
const ACTIVITY = 8;
const MAX_CONNECTIONS = ACTIVITY + BACKEND_STATES.length;
const LAG = MAX_CONNECTIONS + 1;
const IS_REPLICA = LAG + 1;
const SIZE = IS_REPLICA + 1;
const LOCKS = SIZE + 1;
const VOLUME = LOCKS + LOCK_MODES.length;

interface Work {
  readonly commits: number;
  readonly rollbacks: number;
  readonly reading: number;
  readonly writing: number;
}

/** postgres_exporter beside every instance. An instance that is down has nothing but `up` 1 and `pg_up` 0. */
export function scrapeDatabase(context: ScrapeContext, component: number, spec: DatabaseSpec): void {
  const { fleet, state, telemetry } = context;
  const database = state.stores.databases[component]!;
  const bases = telemetry.stores[component]!;
  const [primary, replicas = -1] = fleet.components[component]!.stations;
  const atReplicas = replicas < 0 ? null : workOf(context, replicas, false);
  const atPrimary = workOf(context, primary!, true);
  const onReplicas = atReplicas === null ? 0 : Math.min(database.connections, atReplicas.reading);
  const backends = Math.min(spec.maxConnections, Math.round(database.connections - onReplicas));
  scrapeInstance(context, bases[0]!, spec, database, database.primaryUp, atPrimary, backends, 0);
  if (atReplicas === null) return;
  scrapeReplicas(context, component, spec, atReplicas);
}

function workOf({ fleet, state }: ScrapeContext, station: number, primary: boolean): Work {
  const { flows } = state;
  const first = station * CELLS_PER_STATION * fleet.network.operationStride;
  const write = primary ? first + 1 : first;
  let commits = 0;
  let rollbacks = 0;
  for (let row = first; row <= write; row++) {
    commits += flows.ok[row]!;
    rollbacks += flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]!;
  }
  return {
    commits: Math.floor(commits + ROUNDING),
    rollbacks: Math.floor(rollbacks + ROUNDING),
    reading: flows.inFlight[first]!,
    writing: primary ? flows.inFlight[write]! : 0,
  };
}

/** What the replicas did together goes in turn to those that are up. */
function scrapeReplicas(context: ScrapeContext, component: number, spec: DatabaseSpec, work: Work): void {
  const { state, telemetry, totals, now } = context;
  const database = state.stores.databases[component]!;
  const bases = telemetry.stores[component]!;
  const { replicas: issued } = telemetry.issued;
  const at = component * REPLICA_COLUMNS;
  const commits = work.commits - issued[at]!;
  const rollbacks = work.rollbacks - issued[at + 1]!;
  issued[at] = work.commits;
  issued[at + 1] = work.rollbacks;
  const count = Math.max(1, database.replicasUp);
  let turn = issued[at + 2]! % count;
  database.replicas.forEach((replica, i) => {
    const base = bases[i + 1]!;
    const up = replica.upAt < now;
    const share = (total: number) => Math.floor(total / count) + (turn < total % count ? 1 : 0);
    const mine: Work = {
      commits: totals[base + COMMITS]! + (up ? share(commits) : 0),
      rollbacks: totals[base + ROLLBACKS]! + (up ? share(rollbacks) : 0),
      reading: up ? work.reading / count : 0,
      writing: 0,
    };
    if (up) turn = (turn + count - 1) % count;
    scrapeInstance(context, base, spec, database, up, mine, Math.ceil(mine.reading - ROUNDING), i + 1);
  });
  issued[at + 2] = (issued[at + 2]! + commits) % count;
}

function scrapeInstance(
  { telemetry, totals, now }: ScrapeContext,
  base: number,
  spec: DatabaseSpec,
  database: DatabaseState,
  up: boolean,
  work: Work,
  backends: number,
  instance: number,
): void {
  totals[base] = 1;
  totals[base + UP] = up ? 1 : 0;
  const share = hashShare(telemetry.seed ^ 0x61637476, base, now);
  const active = momentaryCount(work.reading + work.writing, share, backends);
  const leaked = instance === 0 ? Math.round(database.leakedConnections) : 0;
  totals[base + BACKENDS] = backends;
  totals[base + COMMITS] = work.commits;
  totals[base + ROLLBACKS] = work.rollbacks;
  const blocks = (work.commits + work.rollbacks) * BLOCKS_PER_QUERY;
  totals[base + BLOCKS_HIT] = Math.floor(blocks * BUFFER_HIT_RATIO);
  totals[base + BLOCKS_READ] = Math.floor(blocks * (1 - BUFFER_HIT_RATIO));
  totals[base + ACTIVITY] = Math.min(active, backends);
  totals[base + ACTIVITY + 1] = Math.max(0, backends - active - leaked);
  totals[base + ACTIVITY + 2] = Math.min(leaked, backends);
  totals[base + MAX_CONNECTIONS] = spec.maxConnections;
  totals[base + LAG] = instance === 0 ? 0 : database.replicationLag;
  totals[base + IS_REPLICA] = instance === 0 ? 0 : 1;
  totals[base + SIZE] = Math.floor(database.diskUsed);
  // Every transaction holds an exclusive lock on its own virtual transaction id.
  totals[base + LOCKS] = active;
  totals[base + LOCKS + 1] = Math.round(work.writing);
  totals[base + LOCKS + 2] = active;
  totals[base + VOLUME] = spec.disk;
  totals[base + VOLUME + 1] = Math.max(0, Math.floor(spec.disk - database.diskUsed));
  totals[base + VOLUME + 2] = Math.floor(database.diskUsed);
}

/** Without an answer from the server there is nothing to say of it. */
export function blankDatabase(values: Float64Array, base: number): void {
  if (values[base + UP] === 0) values.fill(NaN, base + UP + 1, base + VOLUME);
}
