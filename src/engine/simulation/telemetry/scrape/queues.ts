import type { QueueSpec } from '../../../scenario/component.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { consumersOf } from '../layout/fleet-layout.js';
import { hashShare, poissonCount } from './hash-noise.js';
import type { ScrapeContext } from './scrape-context.js';
import { ROUNDING } from './whole-shares.js';

const BROKERS = 3;

/**
 * kafka_exporter. Offsets are whole and never fall; per partition lag = topic's offset - group's offset. While the
 * brokers are down there is nothing to say but that none is there.
 */
export function scrapeQueue(context: ScrapeContext, component: number, spec: QueueSpec): void {
  const { fleet, state, telemetry, totals, now } = context;
  const queue = state.stores.queues[component]!;
  const base = telemetry.stores[component]![0]!;
  const cell = fleet.components[component]!.stations[0]! * CELLS_PER_STATION;
  const up = state.parameters.cells.servers[cell]! > 0;
  totals[base] = 1;
  totals[base + 1] = up ? BROKERS : 0;
  totals[base + 2] = spec.partitions;
  const topics = base + 3;
  for (let i = 0; i < spec.partitions; i++) {
    const published = queue.consumed / spec.partitions + queue.lag[i]!;
    totals[topics + i] = Math.max(totals[topics + i]!, Math.floor(published + ROUNDING));
  }
  let at = topics + spec.partitions;
  for (const consumer of consumersOf(fleet, spec)) {
    totals[at] = membersOf(context, consumer);
    let sum = 0;
    for (let i = 0; i < spec.partitions; i++) {
      const offset = at + 2 + 2 * i;
      const topic = totals[topics + i]!;
      // Keys spread over partitions at random: what waits in each at this moment is a draw around its mean.
      const share = hashShare(telemetry.seed ^ 0x6c616773, offset, now);
      const committed = Math.max(0, topic - poissonCount(queue.lag[i]!, share));
      totals[offset] = Math.max(totals[offset]!, committed);
      totals[offset + 1] = topic - totals[offset]!;
      sum += totals[offset + 1]!;
    }
    totals[at + 1] = sum;
    at += 2 + 2 * spec.partitions;
  }
}

export function blankQueue(values: Float64Array, base: number, size: number): void {
  if (values[base + 1] === 0) values.fill(NaN, base + 2, base + size);
}

function membersOf({ fleet, state }: ScrapeContext, service: string): number {
  let members = 0;
  for (const { name, station } of fleet.deployments)
    if (name === service)
      for (let i = 0; i < CELLS_PER_STATION; i++)
        members += state.parameters.cells.servers[station * CELLS_PER_STATION + i]!;
  return members;
}
