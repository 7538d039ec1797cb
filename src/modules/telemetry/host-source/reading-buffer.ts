import type { EpochMs } from '../../../kernel/clock.js';
import type { HostSample } from './host-sample.js';

export interface Reading {
  readonly time: EpochMs;
  readonly samples: readonly HostSample[];
}

/** Readings that are not stored yet, oldest first, bounded in samples: the oldest readings give way to the newest. */
export class ReadingBuffer {
  private readings: Reading[] = [];
  private samples = 0;

  constructor(private readonly maxSamples: number) {}

  get length(): number {
    return this.readings.length;
  }

  /** Answers how many samples had to go. */
  push(reading: Reading): number {
    this.readings.push(reading);
    this.samples += reading.samples.length;
    let dropped = 0;
    while (this.samples > this.maxSamples && this.readings.length > 1) {
      const oldest = this.readings.shift()!.samples.length;
      this.samples -= oldest;
      dropped += oldest;
    }
    return dropped;
  }

  /** The oldest readings with together about `maxSamples` samples, at least one reading. They stay until `remove`. */
  peek(maxSamples: number): readonly Reading[] {
    let samples = 0;
    const end = this.readings.findIndex((reading, i) => (samples += reading.samples.length) > maxSamples && i > 0);
    return end < 0 ? [...this.readings] : this.readings.slice(0, end);
  }

  remove(stored: readonly Reading[]): void {
    const gone = new Set(stored);
    this.readings = this.readings.filter((reading) => !gone.has(reading));
    this.samples = this.readings.reduce((sum, reading) => sum + reading.samples.length, 0);
  }
}
