import { formatSeries } from '../../kernel/time-series.js';
import type { EpochMs } from '../../kernel/clock.js';
import type { DetectorState, GraphRunner } from '../detection/detector.js';
import { copyWatch } from '../watch/copy-watch.js';
import { serviceOf } from '../watch/service-of.js';
import { highestScore, readTrace } from '../watch/trace.js';
import { createWatch, watchScrape, type Watch } from '../watch/watch.js';
import { keepOpenTraces } from '../watch/anomaly-book.js';
import type { WatchedAnomaly, WatchedGroup, WatchFrame, WatchOptions } from '../watch/watch.types.js';
import type { Detection, NearMiss } from './score-card.types.js';

/** One detector or configuration that watches runs, whatever its state looks like. */
export interface Watcher {
  readonly name: string;
  scrape(frame: WatchFrame): Promise<void>;
  /** One that goes on from here, with nothing noted yet, and leaves this one alone. */
  copy(): Watcher;
  /** Series that are watched now. */
  readonly series: number;
  /** What it said since it was made or copied. */
  anomalies(branch: string | null): readonly Detection[];
  pages(branch: string | null): readonly Detection[];
  /**
   * The series with the highest scores among their newest points, where traces are kept.
   *
   * @param services only series of these, or of none; null: of any
   */
  nearest(points: number, count: number, services: readonly string[] | null): readonly NearMiss[];
}

export function createWatcher<S extends DetectorState>(
  name: string,
  options: WatchOptions<S>,
  run: GraphRunner,
): Watcher {
  return watcherOf(name, createWatch(options), run);
}

function watcherOf<S extends DetectorState>(name: string, watch: Watch<S>, run: GraphRunner): Watcher {
  const anomalies: WatchedAnomaly[] = [];
  const groups: WatchedGroup[] = [];
  let time: EpochMs = 0;
  return {
    name,
    async scrape(frame) {
      time = frame.time;
      const events = await watchScrape(watch, frame, run);
      anomalies.push(...events.opened);
      groups.push(...events.groupsOpened);
    },
    copy: () => watcherOf(name, copyWatch(watch), run),
    get series() {
      return watch.watched.count;
    },
    anomalies(branch) {
      keepOpenTraces(watch.watched, time, watch.options.stepMs);
      return anomalies.map((anomaly) => detectionOf(anomaly, branch));
    },
    pages(branch) {
      keepOpenTraces(watch.watched, time, watch.options.stepMs);
      return groups.map((group) => ({
        ...detectionOf(group.anomalies[0]!, branch),
        at: group.openedAt,
        endedAt: group.endedAt,
      }));
    },
    nearest: (points, count, services) =>
      nearest(watch, time, points, services)
        .slice(0, count)
        .map((near) => near()),
  };
}

function detectionOf(anomaly: WatchedAnomaly, branch: string | null): Detection {
  const { openedAt, endedAt, service, labels, channel, trace } = anomaly;
  return { at: openedAt, endedAt, service, subject: formatSeries(labels), reason: channel, branch, trace };
}

function nearest<S extends DetectorState>(
  { watched, options }: Watch<S>,
  time: EpochMs,
  points: number,
  services: readonly string[] | null,
): readonly (() => NearMiss)[] {
  const isTouched = (row: number): boolean => {
    const service = serviceOf(watched.series[row]!.labels);
    return services === null || service === null || services.includes(service);
  };
  return watched.traces
    .map((trace, row) => ({ row, score: highestScore(trace, points) }))
    .filter(({ score, row }) => score > -Infinity && isTouched(row))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .map(({ row, score }) => () => ({
      subject: formatSeries(watched.series[row]!.labels),
      score,
      trace: readTrace(watched.traces[row]!, time, options.stepMs),
    }));
}
