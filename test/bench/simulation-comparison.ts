import {
  drainCourse,
  drainSeconds,
  findBottleneck,
  measureAtRest,
  type CompareSubject,
  type Crowd,
} from '../support/simulation/compare-solvers.js';
import { otherFleets } from '../support/simulation/other-fleets.js';
import { estimate } from '../support/simulation/run-network.js';
import { shopFleet } from '../support/simulation/shop-fleet.js';

interface Options {
  readonly seeds: number;
  readonly seconds: number;
}

/** Largest difference that is allowed, as a share of what the discrete-event solver says. */
const BARS = { answered: 0.01, mean: 0.05, p99: 0.15, drain: 0.1 };
/** Quantile of the normal distribution for an interval of 95 %. */
const Z = 1.96;

/** Prints Markdown: the shop at rest, its drains, and fleets that the fluid solver was not developed on. */
export function run(options: Options): void {
  console.log(
    `${options.seeds} seeds, ${options.seconds} s each; intervals of 95 %; differences in bold miss their bar.`,
  );
  const shop = shopFleet();
  compareAtRest(shop, 'workers', [0.3, 0.6, 0.8, 0.9], options);
  compareDrains(shop, options);
  console.log('\n# Fleets that it was not developed on');
  for (const other of otherFleets()) compareAtRest(other, other.by, other.loads, options);
}

function compareAtRest(
  subject: CompareSubject,
  by: 'workers' | 'places',
  loads: readonly number[],
  { seeds, seconds }: Options,
): void {
  const { network, mix } = subject;
  const { full, station } = findBottleneck(subject, by);
  const busiest = network.stations[station]!.name;
  console.log(`\n## ${subject.name}: ${by} of ${busiest} are full at ${full.toFixed(0)} users/s\n`);
  console.log('| load | busy workers | entry | answered/s: fluid, discrete | mean, ms | p99, ms |');
  console.log('|---|---|---|---|---|---|');
  for (const load of loads) {
    const arrivals = mix.map((share) => share * full * load);
    const fluid = measureAtRest('fluid', subject, arrivals, station, { seed: 1, seconds: 60 });
    const discrete = Array.from({ length: seeds }, (_, i) =>
      measureAtRest('discrete-event', subject, arrivals, station, { seed: i + 1, seconds }),
    );
    const busy = estimate(
      discrete.map(({ utilisation }) => utilisation),
      Z,
    );
    const entries = network.entries.map((edge) => network.edges[edge]!.name);
    const names = entries.length > 1 ? [...entries, '**all**'] : entries;
    names.forEach((name, entry) => {
      const columns = (['answered', 'mean', 'p99'] as const).map((figure) =>
        difference(
          fluid[figure][entry]!,
          discrete.map((each) => each[figure][entry]!),
          BARS[figure],
          figure === 'answered' ? 1 : 1000,
        ),
      );
      const first = `${(load * 100).toFixed(0)} % | ${(busy.mean * 100).toFixed(1)} ± ${(busy.halfWidth * 100).toFixed(1)} %`;
      console.log(`| ${entry === 0 ? first : '|'} | ${name} | ${columns.join(' | ')} |`);
    });
  }
}

function compareDrains(subject: CompareSubject, { seeds }: Options): void {
  const { full } = findBottleneck(subject);
  const crowds: readonly Crowd[] = [
    { usual: 0.6, crowd: 1.1, seconds: 20 },
    { usual: 0.6, crowd: 1.3, seconds: 60 },
    { usual: 0.8, crowd: 1.3, seconds: 60 },
  ];
  console.log(`\n## ${subject.name}: seconds from the end of a crowd until a tenth of its requests is left\n`);
  console.log('| usual load | crowd | queues | fluid, discrete |');
  console.log('|---|---|---|---|');
  // Long drains leave little to chance.
  for (const [queues, drained, runs] of [
    ['as they are', subject, seeds * 4],
    ['without limit, patient callers', patient(subject), seeds],
  ] as const)
    for (const crowd of crowds) {
      const fluid = drainSeconds(drainCourse('fluid', drained, full, crowd, 1));
      const discrete = Array.from({ length: runs }, (_, i) =>
        drainSeconds(drainCourse('discrete-event', drained, full, crowd, i + 1)),
      );
      const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
      const load = `${percent(crowd.usual)} | ${percent(crowd.crowd)} for ${crowd.seconds} s`;
      console.log(`| ${load} | ${queues} | ${difference(fluid, discrete, BARS.drain, 1)} |`);
    }
}

/** The same fleet where nobody is refused or gives up: all of the overload must be worked off. */
function patient(subject: CompareSubject): CompareSubject {
  const parameters = structuredClone(subject.parameters);
  parameters.cells.queueLimit.fill(Infinity);
  parameters.cells.slots.fill(Infinity);
  parameters.cells.shedRatio.fill(0);
  parameters.edgeTimeout.fill(Infinity);
  parameters.edgePool.fill(Infinity);
  return { ...subject, parameters };
}

/** `fluid, discrete ± interval: difference`. */
function difference(fluid: number, discrete: readonly number[], bar: number, unit: number): string {
  const { mean, halfWidth } = estimate(discrete, Z);
  const share = fluid / mean - 1;
  const text = `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
  const digits = mean * unit < 10 ? 2 : 1;
  const shown = [fluid, mean].map((value) => (value * unit).toFixed(digits)).join(', ');
  return `${shown} ± ${(halfWidth * unit).toFixed(digits)}: ${Math.abs(share) > bar ? `**${text}**` : text}`;
}
