import { counter, gauge, histogram } from './family.js';

/** What an instrumented service exposes: the server's side as client libraries name it, Micrometer's names for pools and breakers. */
export const APPLICATION = {
  requests: counter('http_requests_total', 'Total number of HTTP requests by route and status code.'),
  duration: histogram('http_request_duration_seconds', 'Duration of HTTP requests in seconds.'),
  inFlight: gauge('http_requests_in_flight', 'Current number of HTTP requests being served or waiting to be.'),
  clientRequests: counter('http_client_requests_total', 'Total number of attempts to call another component.'),
  breakerState: gauge('resilience4j_circuitbreaker_state', 'The states of the circuit breaker.'),
  breakerNotPermitted: counter(
    'resilience4j_circuitbreaker_not_permitted_calls_total',
    'Total number of not permitted calls.',
  ),
  poolActive: gauge('hikaricp_connections_active', 'Active connections.'),
  poolIdle: gauge('hikaricp_connections_idle', 'Idle connections.'),
  poolMax: gauge('hikaricp_connections_max', 'Max connections.'),
  startTime: gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.'),
  residentMemory: gauge('process_resident_memory_bytes', 'Resident memory size in bytes.'),
  cpu: counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.'),
} as const;

/** What Prometheus itself writes about every target. */
export const TARGET = {
  up: gauge('up', 'Whether the last scrape of the target succeeded.'),
} as const;
