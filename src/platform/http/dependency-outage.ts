/**
 * PostgreSQL conditions that say "the server cannot serve you now" rather than "your statement is wrong"
 * (PostgreSQL documentation, appendix A): class 08 connection exceptions, 53 insufficient resources,
 * 57P01..57P05 shutdown and start-up, 25006 read-only after a failover.
 */
const POSTGRES_OUTAGE = /^(08...|53...|57P0[1-5]|25006)$/;

const NETWORK_OUTAGE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** pg, its pool and ioredis report some outages only in words. */
const OUTAGE_MESSAGES = [
  /Connection terminated/,
  /timeout exceeded when trying to connect/,
  /Client has encountered a connection error/,
  /Connection is closed/,
  /Cannot use a pool after calling end/,
  /Stream isn't writeable and enableOfflineQueue options is false/,
  /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN) /,
];

/** Names of errors that mean an outage whatever they say. */
const OUTAGE_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError']);

const DEEPEST_CAUSE = 5;

/** Whether an error, or one of its causes, says that a database or queue cannot be reached at the moment. */
export function isDependencyOutage(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > DEEPEST_CAUSE) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (NETWORK_OUTAGE.has(code) || POSTGRES_OUTAGE.test(code))) return true;
  if (OUTAGE_NAMES.has(error.name) || OUTAGE_MESSAGES.some((pattern) => pattern.test(error.message))) return true;
  if (error instanceof AggregateError && error.errors.some((inner) => isDependencyOutage(inner, depth + 1)))
    return true;
  const wrapped = (error as { driverError?: unknown }).driverError ?? error.cause;
  return wrapped !== undefined && isDependencyOutage(wrapped, depth + 1);
}
