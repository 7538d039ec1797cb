import { gauge } from './family.js';

/** blackbox_exporter v0.25, module http_2xx. */
export const PROBES = {
  success: gauge('probe_success', 'Displays whether or not the probe was a success'),
  duration: gauge('probe_duration_seconds', 'Returns how long the probe took to complete in seconds'),
  statusCode: gauge('probe_http_status_code', 'Response HTTP status code'),
  certificate: gauge('probe_ssl_earliest_cert_expiry', 'Returns last SSL chain expiry in unixtime'),
} as const;
