import type { Component } from '../../model/fleet.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { ROUNDING } from '../scrape/whole-shares.js';
import { storeLabels } from './emit-context.js';
import { OUTCOMES } from './emit-state.js';
import { drawBelow, hasRoom, type LogWriter, writeLine } from './log-writer.js';
import { finishedOf } from './service-logs.js';

/** Seconds from which a database logs a query as slow (`log_min_duration_statement`), and a wait for a lock (`deadlock_timeout`). */
const SLOW = 0.5;
const LOCK_WAIT = 1;

type Store = Extract<Component, { kind: 'store' }>;

/** PostgreSQL, Redis and Kafka about themselves; external services keep their logs to themselves. */
export function logStation(writer: LogWriter, station: number): void {
  const { fleet } = writer.context;
  const role = fleet.roles[station]!;
  const component = fleet.components[role.component]!;
  if (component.kind !== 'store' || role.kind === 'external' || role.kind === 'service') return;
  const replicas = role.kind === 'database-replicas';
  logPresence(writer, component, station, replicas);
  if (component.spec.kind === 'database') logDatabase(writer, component, station, replicas);
}

function logPresence(writer: LogWriter, component: Store, station: number, replicas: boolean): void {
  const { context, emit } = writer;
  const now = context.state.parameters.cells.servers[station * CELLS_PER_STATION]!;
  const before = emit.servers[station]!;
  emit.servers[station] = now;
  if (before < 0 || now === before || !hasRoom(writer)) return;
  const up = now > before;
  const { kind } = component.spec;
  const labels = storeLabels(context, component.index, instanceOf(component, replicas));
  if (kind === 'database') {
    const text = up
      ? 'database system is ready to accept connections'
      : 'terminating connection due to unexpected postmaster exit';
    writeLine(writer, up ? 'INFO' : 'FATAL', postgresLine(writer, up ? 'LOG' : 'FATAL', text), labels);
  } else if (kind === 'cache') {
    const text = up ? '* Ready to accept connections tcp' : '# Redis is now ready to exit, bye bye...';
    writeLine(writer, up ? 'INFO' : 'WARN', `1:M ${redisTime(context.time)} ${text}`, labels);
  } else {
    const text = up
      ? 'INFO [KafkaServer id=1] started'
      : 'ERROR [KafkaServer id=1] shut down: lost connection to the quorum';
    writeLine(writer, up ? 'INFO' : 'ERROR', `[${kafkaTime(context.time)}] ${text}`, labels);
  }
}

function logDatabase(writer: LogWriter, component: Store, station: number, replicas: boolean): void {
  const { context, emit } = writer;
  const { flows, stores } = context.state;
  const { network } = context.fleet;
  const labels = storeLabels(context, component.index, instanceOf(component, replicas));
  const first = station * CELLS_PER_STATION * network.operationStride;
  for (let row = first; row < first + network.stations[station]!.operations.length; row++) {
    const write = row > first;
    const refused = Math.floor(flows.rejected[row]! - emit.outcomes[row * OUTCOMES + 4]! + ROUNDING);
    emit.outcomes[row * OUTCOMES + 4]! += Math.max(0, refused);
    for (let i = 0; i < refused; i++) {
      if (!hasRoom(writer, refused - i)) break;
      writeLine(writer, 'FATAL', postgresLine(writer, 'FATAL', 'sorry, too many clients already'), labels);
    }
    const finished = finishedOf(flows, row) - emit.finished[row]!;
    const mean = finished < ROUNDING ? 0 : (flows.durationSum[row]! - emit.durationSum[row]!) / finished;
    emit.finished[row]! += finished;
    emit.durationSum[row] = flows.durationSum[row]!;
    if (mean < SLOW || !hasRoom(writer)) continue;
    const statement = write
      ? 'UPDATE items SET quantity = quantity - $1 WHERE id = $2'
      : 'SELECT id, name, price, quantity FROM items WHERE category_id = $1 ORDER BY name LIMIT 50';
    const duration = `duration: ${(mean * 1000).toFixed(3)} ms  execute <unnamed>: ${statement}`;
    writeLine(writer, 'WARN', postgresLine(writer, 'LOG', duration), labels);
    if (!write || mean < LOCK_WAIT || context.state.parameters.contention[station] === 0 || !hasRoom(writer)) continue;
    const transaction = 700_000 + drawBelow(writer, 0x10c, 100_000);
    const wait = `process ${processOf(writer)} still waiting for ShareLock on transaction ${transaction} after ${(LOCK_WAIT * 1000).toFixed(3)} ms`;
    writeLine(writer, 'WARN', postgresLine(writer, 'LOG', wait), labels);
  }
  if (!replicas && stores.databases[component.index]!.diskFull && hasRoom(writer)) {
    const text = 'could not extend file "base/16384/24601": No space left on device';
    writeLine(writer, 'ERROR', postgresLine(writer, 'ERROR', text), labels);
  }
}

function instanceOf({ name, spec }: Store, replicas: boolean): string {
  if (spec.kind !== 'database') return name;
  return replicas ? `${name}-replica-1` : `${name}-primary`;
}

function postgresLine(writer: LogWriter, level: string, text: string): string {
  const time = new Date(writer.context.time).toISOString().replace('T', ' ').replace('Z', ' UTC');
  return `${time} [${processOf(writer)}] ${level}:  ${text}`;
}

function processOf(writer: LogWriter): number {
  return 100 + drawBelow(writer, 0x91d, 30_000);
}

function redisTime(time: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString())!;
  return `${day} ${month} ${year} ${clock}.000`;
}

function kafkaTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
}
