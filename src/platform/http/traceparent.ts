const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * Trace id of a W3C `traceparent` header (Trace Context, level 1, section 3.2), undefined when it is malformed.
 * Used for log lines; with tracing on, OpenTelemetry's own propagator reads the header too.
 */
export function traceIdOf(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const match = TRACEPARENT.exec(header.trim());
  if (!match) return undefined;
  const [, version, traceId, spanId, , rest] = match;
  // Version ff is forbidden; version 00 has exactly four parts, later ones may add more.
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  return traceId === NO_TRACE || spanId === NO_SPAN ? undefined : traceId;
}
