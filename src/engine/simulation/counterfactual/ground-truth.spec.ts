import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../test/support/simulation/hand-made-run.js';
import { fixtureFault } from '../../../../test/support/simulation/scenario-fixture.js';
import { formatSeries } from '../../../kernel/time-series.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import type { Simulation } from '../simulation.types.js';
import type { ScrapeFrame, SeriesDescriptor, TelemetrySink } from '../telemetry/telemetry.types.js';
import { createGroundTruth, MAX_TOUCHED, stepWithGroundTruth } from './ground-truth.js';

/** What a made-up fleet shows: a value per series and second, by whether the fault is in force; undefined: no such series. */
type Show = (second: number, faulty: (fault: string) => boolean) => Readonly<Record<string, number | undefined>>;

const LATE = fixtureFault({ kind: 'dependency-slow', name: 'late', at: 600, duration: 300 });

/** Runs the made-up fleet and returns the ground truth, with the steps that were made in all, twins included. */
function run(faults: readonly FaultSpec[], seconds: number, show: Show) {
  const { simulation } = new HandMadeRun({ faults, duration: seconds });
  simulation.state.timeline.faults.push(...faults);
  const truth = createGroundTruth();
  let steps = 0;
  const scraped: number[] = [];
  const step = (one: Simulation, sink?: TelemetrySink): void => {
    steps += 1;
    const { state, fleet } = one;
    const second = state.step;
    const faulty = (fault: string) =>
      state.timeline.faults.some(({ name, at, duration }) => name === fault && second >= at && second < at + duration);
    if ((second + 1) % 15 === 0) {
      const values = show(second, faulty);
      // A telemetry state of its own for each run: the slots of its series by name.
      const slots = state.telemetry as Record<string, number>;
      sink?.scrape?.(frameOf(fleet.scenario.start + (second + 1) * 1000, values, slots));
    }
    state.step += 1;
  };
  while (simulation.state.step < seconds) {
    stepWithGroundTruth(simulation, truth, step, { scrape: ({ time }) => scraped.push(time) });
  }
  return { truth, steps, scraped };
}

function frameOf(time: number, values: Readonly<Record<string, number | undefined>>, slots: Record<string, number>) {
  const names = Object.keys(values).filter((name) => values[name] !== undefined);
  const ended = Object.keys(slots).filter((name) => !names.includes(name));
  const endedSlots = ended.map((name) => slots[name]!);
  for (const name of ended) delete slots[name];
  const started = names.filter((name) => slots[name] === undefined);
  for (const name of started) {
    const used = Object.values(slots);
    slots[name] = [...used.keys(), used.length].find((slot) => !used.includes(slot))!;
  }
  const size = Math.max(...Object.values(slots)) + 1;
  const series: (SeriesDescriptor | null)[] = Array.from({ length: size }, () => null);
  const all = new Float64Array(size).fill(NaN);
  for (const name of names) {
    const metricType = name.endsWith('_total') ? 'counter' : 'gauge';
    series[slots[name]!] = { labels: { __name__: name }, family: name, metricType };
    all[slots[name]!] = values[name]!;
  }
  const frame: ScrapeFrame = {
    time,
    families: [],
    series,
    ended: endedSlots,
    started: started.map((name) => slots[name]!),
    values: all,
  };
  return frame;
}

const touchedNames = (truth: ReturnType<typeof run>['truth'], fault = 0) =>
  truth.faults[fault]!.touched.map(({ labels, at }) => [formatSeries(labels), at]);

describe('ground truth', () => {
  it('names the series that went another way, in the order in which they did, with both values', () => {
    const { truth } = run([LATE], 1200, (second, faulty) => ({
      steady: 10,
      requests_total: faulty('late') ? 2 * second - 600 : second,
      latency: faulty('late') && second >= 660 ? 3 : 1,
      load: second,
    }));
    expect(truth.faults[0]!.touched).toEqual([
      {
        labels: { __name__: 'requests_total' },
        family: 'requests_total',
        at: 615,
        value: 29 / 15,
        without: 1,
        measure: 'rate',
      },
      { labels: { __name__: 'latency' }, family: 'latency', at: 675, value: 3, without: 1, measure: 'value' },
    ]);
  });

  it('finds nothing where a fault changes nothing', () => {
    const { truth } = run([LATE], 1200, (second) => ({ load: Math.sin(second / 50), requests_total: second }));
    expect(truth.faults).toEqual([{ name: 'late', followed: 600, touched: [], reason: null }]);
  });

  it('takes a small change, and a change of the usual size, for none', () => {
    const { truth } = run([LATE], 1200, (second, faulty) => ({
      small: faulty('late') ? 1.05 : 1,
      // Jumps by 4 from scrape to scrape anyway.
      restless: (Math.floor(second / 15) % 2) * 4 + (faulty('late') ? 10 : 0),
    }));
    expect(truth.faults[0]!.touched).toEqual([]);
  });

  it('waits for the second scrape where the first differs by little', () => {
    const once = run([LATE], 1200, (second, faulty) => ({
      queue: faulty('late') && second > 600 && second < 615 ? 1.2 : 1,
    }));
    expect(once.truth.faults[0]!.touched).toEqual([]);
    const twice = run([LATE], 1200, (second, faulty) => ({
      queue: faulty('late') && second > 600 && second < 630 ? 1.2 : 1,
    }));
    expect(touchedNames(twice.truth)).toEqual([['queue', 615]]);
  });

  it('takes a count that differs by one now and then for chance, and one that stays so for an effect', () => {
    const { truth } = run([LATE], 1200, (second, faulty) => ({
      waiting: faulty('late') && (second - 600) % 60 < 30 ? 1 : 0,
      ready: faulty('late') ? 2 : 3,
    }));
    expect(touchedNames(truth)).toEqual([['ready', 615]]);
  });

  it('looks no further than ten minutes after the end of a fault', () => {
    const short = fixtureFault({ kind: 'pod-kill', name: 'late', at: 600, duration: 1 });
    const { truth } = run([short], 3000, () => ({ load: 1 }));
    expect(truth.faults[0]!.followed).toBe(601);
  });

  it('counts series that went and series that came, in whatever slot', () => {
    const { truth } = run([LATE], 1200, (second, faulty) => ({
      pod_a: faulty('late') ? undefined : 1,
      pod_b: faulty('late') && second > 630 ? 1 : undefined,
      pod_c: 1,
    }));
    expect(truth.faults[0]!.touched).toMatchObject([
      { family: 'pod_a', at: 615, value: null, without: 1 },
      { family: 'pod_b', at: 645, value: 1, without: null },
    ]);
  });

  it('tells overlapping faults apart', () => {
    const other = fixtureFault({ kind: 'cpu-stress', name: 'other', at: 630, duration: 300 });
    const { truth } = run([LATE, other], 1200, (_, faulty) => ({
      latency: faulty('late') ? 3 : 1,
      cpu: faulty('other') ? 3 : 1,
    }));
    expect(touchedNames(truth, 0)).toEqual([['latency', 615]]);
    expect(touchedNames(truth, 1)).toEqual([['cpu', 645]]);
  });

  it('keeps the first twenty, at most two of a family, and then needs no copy any more', () => {
    const many = Array.from({ length: 30 }, (_, i) => `m${i}`);
    const show: Show = (_, faulty) => Object.fromEntries(many.map((name) => [name, faulty('late') ? 9 : 1]));
    const { truth, steps, scraped } = run([LATE], 2000, show);
    expect(truth.faults[0]!.touched).toHaveLength(MAX_TOUCHED);
    // The copy lives from ten scrapes before the fault until the first scrape in it.
    expect(steps).toBe(2000 + 150 + 15);
    expect(truth.following).toEqual([]);
    expect(scraped).toHaveLength(Math.floor(2000 / 15));
  });

  it('follows four faults at once and says so of the fifth', () => {
    const faults = [1, 2, 3, 4, 5].map((i) => fixtureFault({ kind: 'cpu-stress', name: `f${i}`, at: 300 + i }));
    const { truth } = run(faults, 900, () => ({ cpu: 1 }));
    expect(truth.faults.map(({ reason }) => reason === null)).toEqual([true, true, true, true, false]);
  });
});
