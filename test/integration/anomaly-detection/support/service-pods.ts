import { wobble, type TestSeries } from './world.js';

/** Sample from which on requests fail. */
export const BREAKS = 150;
export const LAST = 162;

/** A counter that grows by `rate(i)` per second in the 15 s before sample i. */
function counter(rate: (index: number) => number): (index: number) => number {
  return (index) => {
    let total = 100;
    for (let i = 1; i <= index; i += 1) total += 15 * rate(i);
    return total;
  };
}

function pod(name: string, service: string, factor: number): TestSeries[] {
  const labels = { service, namespace: 'shop', pod: name, instance: `${name}:8080`, job: service };
  const requests = (i: number) => factor * (20 + 2 * wobble(i));
  const failed = (i: number) => (i > BREAKS ? 0.4 : 0.001);
  return [
    {
      labels: { __name__: 'http_requests_total', code: '200', ...labels },
      type: 'counter',
      at: counter((i) => requests(i) * (1 - failed(i))),
    },
    {
      labels: { __name__: 'http_requests_total', code: '500', ...labels },
      type: 'counter',
      at: counter((i) => requests(i) * failed(i)),
    },
    {
      labels: { __name__: 'process_cpu_seconds_total', ...labels },
      type: 'counter',
      at: counter((i) => 0.01 * requests(i) + 0.01 + 0.002 * wobble(i + 7) + (i > BREAKS ? 1.5 : 0)),
    },
    {
      labels: { __name__: 'process_resident_memory_bytes', ...labels },
      at: (i) => 2e8 * factor + 1e6 * wobble(i + 3),
    },
  ];
}

/** Two pods of one service, whose requests begin to fail. */
export const POD_SERIES: readonly TestSeries[] = [
  ...pod('cart-5c9d7f6b8d-abcde', 'cart', 1),
  ...pod('cart-5c9d7f6b8d-fghij', 'cart', 2),
];
