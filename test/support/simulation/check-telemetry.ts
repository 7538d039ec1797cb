import type { Simulation } from '../../../src/engine/simulation/simulation.types.js';
import type { TelemetryState } from '../../../src/engine/simulation/telemetry/telemetry-state.js';
import type { ScrapeFrame, TelemetrySink } from '../../../src/engine/simulation/telemetry/telemetry.types.js';

export class BrokenTelemetry extends Error {}

/**
 * A sink that looks at every scrape: all values are finite (those kept for targets that do not answer too), histograms
 * ascend, and counters never fall but to count anew from a container or an instance that was started again.
 */
export function watchTelemetry(simulation: Simulation): { readonly sink: TelemetrySink; scrapes(): number } {
  const telemetry = simulation.state.telemetry as TelemetryState;
  let last = new Float64Array(0);
  let starts = new Map<string, string>();
  let scrapes = 0;
  const scrape = (frame: ScrapeFrame) => {
    const { totals, used } = telemetry.slots;
    const now = startsOf(simulation);
    const fresh = new Set(frame.started);
    for (let slot = 0; slot < used; slot++) {
      const series = frame.series[slot];
      if (!series) continue;
      const value = totals[slot]!;
      const where = () => `step ${simulation.state.step}: ${JSON.stringify(series.labels)}`;
      // kube-state-metrics leaves out what an object does not have.
      if (Number.isNaN(value) && series.labels['__name__']!.startsWith('kube_')) continue;
      if (!Number.isFinite(value)) throw new BrokenTelemetry(`${where()} is ${value}`);
      if (series.metricType !== 'counter' && series.metricType !== 'histogram') continue;
      if (value < 0) throw new BrokenTelemetry(`${where()} is ${value}`);
      if (slot >= last.length || fresh.has(slot) || value >= last[slot]!) continue;
      const pod = series.labels['pod'];
      const subject = pod ?? `cache ${series.labels['service']}`;
      if (starts.get(subject) !== now.get(subject)) continue;
      throw new BrokenTelemetry(`${where()} fell from ${last[slot]} to ${value}`);
    }
    last = totals.slice(0, used);
    starts = now;
    scrapes++;
  };
  return { sink: { scrape }, scrapes: () => scrapes };
}

/** By pod and cache: what changes when it is started again. */
function startsOf({ fleet, state }: Simulation): Map<string, string> {
  const starts = new Map<string, string>();
  for (const pod of state.platform.pods) if (pod !== null) starts.set(pod.name, `${pod.startedAt} ${pod.restarts}`);
  for (const { index, name } of fleet.components) {
    const cache = state.stores.caches[index];
    if (cache !== undefined) starts.set(`cache ${name}`, String(cache.instance.upAt));
  }
  return starts;
}
