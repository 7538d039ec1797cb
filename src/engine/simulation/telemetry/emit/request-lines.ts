import { drawBelow, drawTraceId, type LogWriter } from './log-writer.js';

/** What a line says of a request. */
export interface RequestFacts {
  readonly service: string;
  readonly version: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  /** Empty: nothing went wrong. */
  readonly error: string;
  /** Component to blame; empty: itself. */
  readonly upstream: string;
}

/** How a component logs: what stands at an entry point as nginx does, the others as JSON or in plain text. */
export type LogStyle = 'nginx' | 'json' | 'plain';

export function formatRequest(writer: LogWriter, style: LogStyle, facts: RequestFacts): string {
  switch (style) {
    case 'nginx':
      return facts.error === '' ? nginxAccess(writer, facts) : nginxError(writer, facts);
    case 'json':
      return jsonRequest(writer, facts);
    case 'plain':
      return plainRequest(writer, facts);
  }
}

/** `{id}` becomes a number. */
export function pathOf(writer: LogWriter, route: string): string {
  return route.replace(/\{[^}]*\}|:[a-zA-Z]+/g, () => String(1000 + drawBelow(writer, 0x1d, 90_000)));
}

function nginxAccess(writer: LogWriter, { method, route, status, seconds }: RequestFacts): string {
  const bytes = 200 + drawBelow(writer, 0xb1, 16_000);
  const request = `${method} ${pathOf(writer, route)} HTTP/1.1`;
  return `${clientOf(writer)} - - [${nginxTime(writer.context.time)}] "${request}" ${status} ${bytes} "-" "Mozilla/5.0" ${seconds.toFixed(3)}`;
}

function nginxError(writer: LogWriter, { service, method, route, error, upstream }: RequestFacts): string {
  const time = new Date(writer.context.time).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  const where = upstream === '' ? '' : `, upstream: "http://${upstream}:8080${pathOf(writer, route)}"`;
  return (
    `${time} [error] 31#31: *${1 + drawBelow(writer, 0xc0, 1_000_000)} ${error}, client: ${clientOf(writer)}, ` +
    `server: ${service}, request: "${method} ${pathOf(writer, route)} HTTP/1.1"${where}`
  );
}

function jsonRequest(writer: LogWriter, facts: RequestFacts): string {
  const failed = facts.error !== '';
  return JSON.stringify({
    ts: new Date(writer.context.time).toISOString(),
    level: levelOf(facts).toLowerCase(),
    logger: 'http',
    msg: failed ? 'request failed' : 'request served',
    method: facts.method,
    route: facts.route,
    path: pathOf(writer, facts.route),
    status: facts.status,
    duration_ms: Number((facts.seconds * 1000).toFixed(2)),
    version: facts.version,
    trace_id: drawTraceId(writer),
    ...(failed ? { error: facts.error } : {}),
    ...(facts.upstream === '' ? {} : { upstream: facts.upstream }),
  });
}

function plainRequest(writer: LogWriter, facts: RequestFacts): string {
  const time = new Date(writer.context.time).toISOString().replace('T', ' ').replace('Z', '');
  const thread = `http-nio-8080-exec-${1 + drawBelow(writer, 0x7e, 32)}`;
  const took = `${facts.method} ${pathOf(writer, facts.route)} -> ${facts.status} in ${(facts.seconds * 1000).toFixed(1)} ms`;
  const reason = facts.error === '' ? '' : `: ${facts.error}`;
  return `${time} ${levelOf(facts).padStart(5)} [${facts.service},${drawTraceId(writer)}] [${thread}] RequestLog : ${took}${reason}`;
}

export function levelOf({ status, error }: RequestFacts): 'INFO' | 'WARN' | 'ERROR' {
  if (error === '') return 'INFO';
  return status === 503 ? 'WARN' : 'ERROR';
}

function clientOf(writer: LogWriter): string {
  return `203.0.113.${1 + drawBelow(writer, 0xc1, 254)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05/Jan/2026:13:04:05 +0000`. */
function nginxTime(time: number): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[date.getUTCMonth()]!}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
