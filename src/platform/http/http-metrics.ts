import { Histogram, register } from 'prom-client';

const NAME = 'dsim_http_request_duration_seconds';

let histogram: Histogram<'method' | 'route' | 'status_code'> | undefined;

/** Lazily, and by name: tests clear the registry between files, and an application may be created twice. */
function requestDuration(): Histogram<'method' | 'route' | 'status_code'> {
  if (histogram && register.getSingleMetric(NAME) === histogram) return histogram;
  histogram = new Histogram({
    name: NAME,
    help: 'Time from the arrival of a request to the end of its response, by route template.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  return histogram;
}

export function observeRequest(method: string, route: string, statusCode: number, seconds: number): void {
  requestDuration().observe({ method, route, status_code: statusCode }, seconds);
}
