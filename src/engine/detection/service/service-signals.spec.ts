import { describe, expect, it } from 'vitest';
import type { Labels, MetricType } from '../../../kernel/time-series.js';
import { MOST_REMEMBERED, ServiceSignals } from './service-signals.js';

interface Source {
  readonly labels: Labels;
  readonly metricType: MetricType;
}

const counter = (name: string, labels: Labels): Source => ({
  labels: { __name__: name, service: 'cart', ...labels },
  metricType: 'counter',
});
const gauge = (name: string, labels: Labels): Source => ({ ...counter(name, labels), metricType: 'gauge' });
const bucket = (le: string, pod: string): Source => ({
  ...counter('request_duration_seconds_bucket', { le, pod }),
  metricType: 'histogram',
});

/** Signals of these sources, by name, at a tick with these values. */
function evaluate(signals: ServiceSignals, values: readonly number[]): Record<string, number> {
  const out = signals.evaluate(Float64Array.from(values));
  return Object.fromEntries(
    signals.signals.flatMap((signal, index) => {
      if (signal === null) return [];
      const { __name__: name, state } = signal.labels;
      return [[name!.replace('service:', '') + (state ? `{${state}}` : ''), out[index]!]];
    }),
  );
}

function signalsOf(sources: readonly Source[]): ServiceSignals {
  const signals = new ServiceSignals({ stepSeconds: 15 });
  sources.forEach((source, slot) => signals.add(slot, source));
  return signals;
}

describe('signals of a service', () => {
  it('adds rates of counters, and divides those of errors by all', () => {
    const signals = signalsOf([
      counter('http_requests_total', { pod: 'a', code: '200' }),
      counter('http_requests_total', { pod: 'a', code: '503' }),
      counter('http_requests_total', { pod: 'b', code: '200' }),
      counter('http_requests_total', { pod: 'b', code: '404' }),
    ]);
    expect(evaluate(signals, [60, 5, 30, 5])).toEqual({
      'http_requests_total:rate': 100,
      'http_requests_total:error_ratio': 0.05,
    });
  });

  it('does not dip while pods are replaced, nor count pods that were added before they have a rate', () => {
    const pod = (name: string) => counter('http_requests_total', { pod: name, code: '200' });
    const signals = signalsOf(['a', 'b', 'c', 'd'].map(pod));
    const rate = (values: readonly number[]) => evaluate(signals, values)['http_requests_total:rate'];
    for (let tick = 0; tick < 4; tick += 1) expect(rate([100, 100, 100, 100])).toBe(400);
    for (const slot of [1, 2, 3]) signals.remove(slot);
    ['e', 'f', 'g'].forEach((name, i) => signals.add(i + 1, pod(name)));
    expect(rate([100, NaN, NaN, NaN])).toBe(400);
    expect(rate([100, 101, 99, 100])).toBe(400);
    // Two more, in the place of none.
    signals.add(4, pod('h'));
    signals.add(5, pod('i'));
    expect(rate([100, 100, 100, 100, NaN, NaN])).toBe(400);
    // One goes and none comes.
    signals.remove(4);
    signals.remove(5);
    signals.remove(0);
    expect(rate([NaN, 130, 130, 140])).toBe(400);
  });

  it('does not dip when an autoscaler doubles a service, whose new pods serve before they have a rate', () => {
    const pod = (name: string) => counter('http_client_requests_total', { pod: name, code: '200' });
    const signals = signalsOf(['a', 'b'].map(pod));
    const rate = (values: readonly number[]) => evaluate(signals, values)['http_client_requests_total:rate'];
    for (let tick = 0; tick < 4; tick += 1) expect(rate([100, 100])).toBe(200);
    for (const [i, name] of ['c', 'd'].entries()) signals.add(i + 2, pod(name));
    expect(rate([50, 52, NaN, NaN])).toBe(200);
    expect(rate([50, 51, 50, 51])).toBe(202);
    // A fall beyond what two new pods could have taken is one.
    for (const [i, name] of ['e', 'f'].entries()) signals.add(i + 4, pod(name));
    expect(rate([20, 20, 20, 20, NaN, NaN])).toBe(120);
  });

  it('gives the successor of a pod a tick to count its first request, and no more', () => {
    const pod = (name: string) => counter('http_client_requests_total', { pod: name, code: '200' });
    const signals = signalsOf(['a', 'b'].map(pod));
    const rate = (values: readonly number[]) => evaluate(signals, values)['http_client_requests_total:rate'];
    for (let tick = 0; tick < 4; tick += 1) expect(rate([100, 100])).toBe(200);
    signals.remove(1);
    expect(rate([100])).toBe(200);
    signals.add(1, pod('c'));
    expect(rate([100, NaN])).toBe(200);
    for (let tick = 0; tick < 4; tick += 1) expect(rate([100, 98])).toBe(198);
    // Nobody follows this one, and nobody takes its work.
    signals.remove(1);
    expect(rate([100])).toBe(198);
    expect(rate([100])).toBe(100);
  });

  it('takes ratios of few requests as of ten, and knows none of no request', () => {
    const signals = signalsOf([
      counter('rpc_total', { pod: 'a', grpc_code: 'OK' }),
      counter('rpc_total', { pod: 'a', grpc_code: 'Unavailable' }),
    ]);
    // Two requests in 15 s, one of them failed: 1 of 10, not 1 of 2.
    expect(evaluate(signals, [1 / 15, 1 / 15])['rpc_total:error_ratio']).toBeCloseTo(0.1, 12);
    expect(evaluate(signals, [0, 0])['rpc_total:error_ratio']).toBeNaN();
  });

  it('averages gauges and keeps the greatest, but adds up what is under way', () => {
    const signals = signalsOf([
      gauge('process_resident_memory_bytes', { pod: 'a' }),
      gauge('process_resident_memory_bytes', { pod: 'b' }),
      gauge('http_requests_in_flight', { pod: 'a' }),
      gauge('http_requests_in_flight', { pod: 'b' }),
    ]);
    expect(evaluate(signals, [100, 300, 4, 3])).toMatchObject({
      'process_resident_memory_bytes:mean': 200,
      'process_resident_memory_bytes:max': 300,
      'http_requests_in_flight:sum': 7,
    });
  });

  it('takes quantiles of the buckets of all pods together', () => {
    const pods = ['a', 'b'];
    const signals = signalsOf(pods.flatMap((pod) => ['0.1', '0.2', '+Inf'].map((le) => bucket(le, pod))));
    // Rates 5 + 5, 45 + 25, 50 + 50: rank 50 of 100 lies 40 of 60 into (0.1, 0.2].
    const found = evaluate(signals, [5, 45, 50, 5, 25, 50]);
    expect(found['request_duration_seconds:p50']).toBeCloseTo(0.1 + 0.1 * (40 / 60), 12);
    expect(found['request_duration_seconds:p99']).toBe(0.2);
  });

  it('keeps values of a state apart, since a sum over states means nothing', () => {
    const signals = signalsOf([
      gauge('connections', { pod: 'a', state: 'active' }),
      gauge('connections', { pod: 'a', state: 'idle' }),
      gauge('connections', { pod: 'b', state: 'idle' }),
    ]);
    expect(evaluate(signals, [3, 10, 20])).toEqual({ 'connections:sum{active}': 3, 'connections:sum{idle}': 30 });
  });

  it('leaves facts, limits, clocks and recording rules alone', () => {
    const signals = signalsOf([
      gauge('kube_pod_info', {}),
      gauge('process_start_time_seconds', { pod: 'a' }),
      gauge('container_spec_memory_limit_bytes', { pod: 'a' }),
      gauge('service:http_requests_total:rate', {}),
      { labels: { __name__: 'up', job: 'kube-state-metrics' }, metricType: 'gauge' },
    ]);
    expect(evaluate(signals, [1, 2, 3, 4, 5])).toEqual({});
  });

  it('bridges a missed scrape or two, then counts a silent pod no more', () => {
    const signals = signalsOf(['a', 'b', 'c'].map((pod) => counter('jobs_done_total', { pod })));
    const rate = (values: readonly number[]) => evaluate(signals, values)['jobs_done_total:rate'];
    expect(rate([10, 20, 30])).toBe(60);
    expect(rate([10, 20, NaN])).toBe(60);
    expect(rate([10, 20, NaN])).toBe(60);
    expect(rate([10, 20, NaN])).toBe(30);
  });

  it('is unknown, not zero, when most sources are silent', () => {
    const signals = signalsOf(['a', 'b', 'c'].map((pod) => counter('jobs_done_total', { pod })));
    evaluate(signals, [10, 20, 30]);
    expect(evaluate(signals, [10, NaN, NaN])['jobs_done_total:rate']).toBeNaN();
    expect(evaluate(signals, [NaN, NaN, NaN])['jobs_done_total:rate']).toBeNaN();
  });

  it('does not jump when pods come and go and the requests are dealt out anew', () => {
    const signals = signalsOf(['a', 'b'].map((pod) => counter('http_requests_total', { pod })));
    expect(evaluate(signals, [50, 50])['http_requests_total:rate']).toBe(100);
    signals.add(2, counter('http_requests_total', { pod: 'c' }));
    // The new pod has no rate yet; the others still serve all.
    expect(evaluate(signals, [50, 50, NaN])['http_requests_total:rate']).toBe(100);
    expect(evaluate(signals, [33, 33, 34])['http_requests_total:rate']).toBe(100);
    signals.remove(0);
    expect(evaluate(signals, [NaN, 60, 40])['http_requests_total:rate']).toBe(100);
  });

  it('keeps the most telling signals of a service that has too many', () => {
    const signals = new ServiceSignals({ maximumPerService: 2 });
    for (let i = 0; i < 50; i += 1) signals.add(i, gauge(`cache_level_${i}`, { pod: 'a' }));
    signals.add(50, counter('http_requests_total', { pod: 'a', code: '500' }));
    expect(Object.keys(evaluate(signals, new Array(51).fill(1) as number[])).sort()).toEqual([
      'http_requests_total:error_ratio',
      'http_requests_total:rate',
    ]);
    expect(signals.leftOut).toBe(50);
  });

  it('does not grow with the labels of a metric: an explosion is still one sum', () => {
    const signals = new ServiceSignals();
    for (let i = 0; i < 5_000; i += 1) signals.add(i, counter('http_requests_total', { pod: 'a', user: `u${i}` }));
    const found = evaluate(signals, new Array(5_000).fill(2) as number[]);
    expect(found).toEqual({ 'http_requests_total:rate': 10_000 });
  });

  it('tells what came and went, and gives an index again only after it was given up', () => {
    const signals = signalsOf([counter('a_total', { pod: 'x' })]);
    expect(signals.takeChanges()).toEqual({ started: [0], ended: [] });
    signals.remove(0);
    signals.add(0, counter('b_total', { pod: 'x' }));
    expect(signals.takeChanges()).toEqual({ started: [0], ended: [0] });
    expect(signals.signals[0]!.labels).toEqual({ __name__: 'service:b_total:rate', service: 'cart' });
  });

  it('does not record what would only repeat one lasting series', () => {
    const lasting = signalsOf([counter('commands_total', { instance: 'redis:9121' })]);
    lasting.takeChanges();
    expect(lasting.signals[0]!.recorded).toBe(false);
    const ofPod = signalsOf([counter('commands_total', { pod: 'redis-0' })]);
    ofPod.takeChanges();
    expect(ofPod.signals[0]!.recorded).toBe(true);
  });

  it('leaves what follows every scaling out of the residual, where it is not scored either', () => {
    const telling = ['queue_depth', 'threads', 'sessions', 'workers'].map((name) => gauge(name, { pod: 'a' }));
    const asked = gauge('kube_deployment_status_replicas_ready', { deployment: 'cart' });
    const signals = signalsOf([...telling, counter('container_cpu_cfs_periods_total', { pod: 'a' }), asked]);
    signals.evaluate(Float64Array.of(1, 2, 3, 4, 10, 3));
    const [{ signals: members } = { signals: [] }] = signals.serialise();
    expect(members.map((name) => name.split(':')[1]).sort()).toEqual(['queue_depth', 'sessions', 'threads', 'workers']);
  });

  it('does not remember every service that ever was', () => {
    const signals = new ServiceSignals({ stepSeconds: 15 });
    const values = Float64Array.of(1, 2, 3, 4);
    for (let n = 0; n < MOST_REMEMBERED + 20; n += 1) {
      const names = ['queue_depth', 'threads', 'sessions', 'workers'];
      names.forEach((name, slot) => signals.add(slot, gauge(name, { service: `job-${n}`, pod: 'a' })));
      signals.evaluate(values);
      names.forEach((_, slot) => signals.remove(slot));
      signals.evaluate(values);
    }
    expect(signals.remembered).toBe(MOST_REMEMBERED);
  });
});
