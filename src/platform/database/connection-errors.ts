/** Serialization failure and deadlock: the same transaction is likely to succeed when it runs again. */
const RETRY_TRANSACTION = new Set(['40001', '40P01']);

/** The server, or the way to it, is away for now. Class 08 and 57P are PostgreSQL's own; the rest is from sockets. */
const TRANSIENT = new Set([
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENOENT',
]);

const TRANSIENT_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'server_login_retry',
  'server closed the connection',
  'server conn crashed',
  'query_wait_timeout',
  'pgbouncer cannot connect to server',
  'no more connections allowed',
  'Connection ended unexpectedly',
];

/** SQLSTATE or errno of an error, wherever TypeORM or an AggregateError put it. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError, errors } = error as { code?: unknown; driverError?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  if (driverError !== undefined && driverError !== error) return errorCode(driverError);
  return Array.isArray(errors) ? errors.map(errorCode).find((found) => found !== undefined) : undefined;
}

export function isRetryableTransaction(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && RETRY_TRANSACTION.has(code);
}

/** True when trying again later may help: the connection broke or could not be made. */
export function isTransient(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (TRANSIENT.has(code) || /^08/.test(code))) return !isUnsupportedStartupParameter(error);
  return error instanceof Error && TRANSIENT_MESSAGES.some((message) => error.message.includes(message));
}

/** What PgBouncer answers to `options` or `statement_timeout` in the startup packet. */
export function isUnsupportedStartupParameter(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message);
}
