import type { HostSample } from './host-sample.js';

/** Collects samples; readings the machine does not offer are left out rather than written as 0. */
export class SampleList {
  readonly samples: HostSample[] = [];

  constructor(private readonly target: Readonly<Record<string, string>>) {}

  gauge(name: string, value: number | undefined, labels: Readonly<Record<string, string>> = {}): void {
    this.add('gauge', name, value, labels);
  }

  counter(name: string, value: number | undefined, labels: Readonly<Record<string, string>> = {}): void {
    this.add('counter', name, value, labels);
  }

  private add(
    metricType: HostSample['metricType'],
    name: string,
    value: number | undefined,
    labels: Readonly<Record<string, string>>,
  ): void {
    if (value === undefined || !Number.isFinite(value)) return;
    this.samples.push({ labels: { __name__: name, ...this.target, ...labels }, metricType, value });
  }
}
