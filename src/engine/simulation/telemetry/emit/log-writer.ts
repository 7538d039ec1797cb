import { hashNoise } from '../scrape/hash-noise.js';
import type { LogRecord } from '../telemetry.types.js';
import type { EmitContext } from './emit-context.js';
import type { EmitState } from './emit-state.js';

/** Lines that a component in one cluster writes in a second; what is more is counted in one line. */
const LINES_PER_SECOND = 5;

/** Writes lines of one station during one step. */
export interface LogWriter {
  readonly context: EmitContext;
  readonly emit: EmitState;
  written: number;
  suppressed: number;
}

/** Whether there is room for another line; where there is none it is counted as suppressed. */
export function hasRoom(writer: LogWriter, lines = 1): boolean {
  if (writer.written < LINES_PER_SECOND) return true;
  writer.suppressed += lines;
  return false;
}

export function writeLine(
  writer: LogWriter,
  severity: LogRecord['severity'],
  line: string,
  labels: LogRecord['labels'],
): void {
  writer.written++;
  writer.emit.lines++;
  writer.context.sink.log!({ time: writer.context.time, severity, line, labels });
}

/** Whole, 0 to `below` - 1: what the next line is about. */
export function drawBelow({ context, emit }: LogWriter, purpose: number, below: number): number {
  return Math.floor(((hashNoise(context.seed ^ purpose, emit.lines, context.state.step) + 1) / 2) * below);
}

/** 32 hexadecimal digits, as a W3C trace id. */
export function drawTraceId(writer: LogWriter): string {
  let text = '';
  for (let i = 0; i < 4; i++)
    text += drawBelow(writer, 0x7ace + i, 4294967296)
      .toString(16)
      .padStart(8, '0');
  return text;
}
