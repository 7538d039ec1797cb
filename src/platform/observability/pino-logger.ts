import type { LoggerService } from '@nestjs/common';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { hostname } from 'node:os';
import { pino, stdSerializers, type DestinationStream, type Logger as Pino } from 'pino';
import type { LogLevelName } from './observability.config.js';
import { LogLevelControl } from './log-level-control.js';
import { redact, redactText } from './redact.js';
import { currentRequestContext } from './request-context.js';

export interface PinoLoggerOptions {
  readonly level: LogLevelName;
  readonly format: 'pretty' | 'json';
  /** `api` or `worker`, so that the lines of both processes can be told apart. */
  readonly process?: string;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Chatter of the framework's start-up: worth a line only to someone who debugs it. */
const START_UP_CONTEXTS = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

/** Logger of Nest and of everything in the product, on pino. Structured: pass an object with a `msg`. */
export class PinoLogger extends LogLevelControl implements LoggerService {
  private constructor(private readonly pino: Pino) {
    super();
  }

  static async create(options: PinoLoggerOptions): Promise<PinoLogger> {
    const base = options.process ? { pid: process.pid, hostname: hostname(), process: options.process } : undefined;
    const logger = pino(
      {
        level: options.level,
        ...(base ? { base } : {}),
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { err: serializeError },
        mixin: correlation,
      },
      options.destination ?? (await destinationFor(options.format)),
    );
    return new PinoLogger(logger);
  }

  get level(): LogLevelName {
    return this.pino.level as LogLevelName;
  }

  set(level: LogLevelName): void {
    this.pino.level = level;
  }

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    this.write(context !== undefined && START_UP_CONTEXTS.has(context) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  /** Nest calls `(message, ...more, stack?, context)`, all but the first optional. */
  private write(level: LogLevelName, message: unknown, rest: readonly unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = contextOf(rest);
    const extra = context === undefined ? rest : rest.slice(0, -1);
    const entry: Record<string, unknown> = context === undefined ? {} : { context };
    let text: string | undefined;
    if (message instanceof Error) {
      entry.err = message;
      text = message.message;
    } else if (typeof message === 'object' && message !== null) {
      const { msg, ...fields } = redact(message) as Record<string, unknown>;
      Object.assign(entry, fields);
      text = typeof msg === 'string' ? msg : undefined;
    } else {
      text = String(message);
    }
    for (const item of extra) {
      if (item instanceof Error) entry.err = item;
      else if (typeof item === 'string' && /\n\s+at /.test(item)) entry.stack = redactText(item);
      else if (typeof item === 'object' && item !== null) Object.assign(entry, redact(item));
      else if (item !== undefined) text = `${text ?? ''} ${String(item)}`.trim();
    }
    if (text === undefined) this.pino[level](entry);
    else this.pino[level](entry, redactText(text));
  }
}

function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}

/** Added to every line: which request, and which trace, it was written for. */
function correlation(): object {
  const request = currentRequestContext();
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span)) {
    return { requestId: request?.requestId, trace_id: span.traceId, span_id: span.spanId };
  }
  return request ? { requestId: request.requestId, trace_id: request.traceId } : {};
}

function serializeError(error: Error): unknown {
  return redact({ ...stdSerializers.err(error) });
}

async function destinationFor(format: 'pretty' | 'json'): Promise<DestinationStream> {
  // Synchronous on purpose: the last line before a crash is the one that matters.
  if (format === 'json') return pino.destination({ dest: 1, sync: true });
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    sync: true,
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,process,context,requestId,trace_id,span_id,http',
    messageFormat: '{if process}{process} {end}{if context}[{context}] {end}{msg}',
  });
}
