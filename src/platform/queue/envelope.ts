import type { z } from 'zod';
import type { AnyJob } from './define-job.js';
import { InvalidJobPayload, UnknownPayloadVersion } from './queue.errors.js';

/** What is stored of a job: its payload, the version of its shape, and the trace that it belongs to. */
export interface JobEnvelope {
  readonly v: number;
  readonly data: unknown;
  /** W3C `traceparent` and `tracestate`. */
  readonly trace?: Readonly<Record<string, string>>;
}

/** Checks a payload and wraps it. What is stored is the schema's input, so that its transforms run once, at the end. */
export function seal(
  job: AnyJob,
  payload: unknown,
  trace: JobEnvelope['trace'],
): { envelope: JobEnvelope; parsed: unknown } {
  const parsed = check(job, payload);
  const hasTrace = trace !== undefined && Object.keys(trace).length > 0;
  return { envelope: { v: job.version, data: payload, ...(hasTrace && { trace }) }, parsed };
}

export function open(job: AnyJob, envelope: unknown): unknown {
  const { v, data } = (envelope ?? {}) as Partial<JobEnvelope>;
  if (v !== job.version) throw new UnknownPayloadVersion(job.name, v, job.version);
  return check(job, data);
}

function check(job: AnyJob, payload: unknown): unknown {
  const result = job.payload.safeParse(payload);
  if (!result.success) throw new InvalidJobPayload(job.name, issuesOf(result.error));
  return result.data;
}

function issuesOf(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join('.') || '(payload)', message }));
}
