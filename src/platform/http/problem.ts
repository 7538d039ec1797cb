import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, type ErrorKind, type ErrorLogLevel, type FieldIssue } from '../../kernel/errors.js';
import { isDependencyOutage } from './dependency-outage.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457 problem document with our extension members. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:dsim:problem:` and the code'),
    title: z.string().describe('Same for every problem of a status'),
    status: z.number().int(),
    detail: z.string().describe('What went wrong here, and the cure where there is one'),
    instance: z.string().describe('Path of the request'),
    code: z.string().describe('Stable, `module.what_happened`'),
    requestId: z.string().describe('Also in the X-Request-Id header and in our logs'),
    errors: z
      .array(
        z.object({
          path: z.string().describe('`labels.job`, `series[3].samples`'),
          message: z.string(),
          file: z.string().optional().describe('Where the field stands in a text, such as a scenario'),
          line: z.number().int().optional().describe('From 1'),
          column: z.number().int().optional().describe('From 1'),
        }),
      )
      .optional()
      .describe('Every bad field of the input'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;

/** The one place where kinds of failure become status codes. */
export const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  unavailable: 503,
  internal: 500,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request took too long',
  409: 'Conflict',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  501: 'Not implemented',
  503: 'Unavailable',
};

/** Codes of failures that the framework found before our own code ran. */
const FRAMEWORK_CODES: Readonly<Record<number, string>> = {
  400: 'http.bad_request',
  401: 'http.unauthenticated',
  403: 'http.forbidden',
  404: 'http.not_found',
  405: 'http.method_not_allowed',
  406: 'http.not_acceptable',
  408: 'http.request_timeout',
  409: 'http.conflict',
  413: 'http.body_too_large',
  414: 'http.uri_too_long',
  415: 'http.unsupported_media_type',
  429: 'http.rate_limited',
  431: 'http.headers_too_large',
  503: 'http.unavailable',
};

const OUTAGE_RETRY_SECONDS = 2;

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  readonly logLevel: ErrorLogLevel;
}

/** Turns whatever was thrown into an answer. Nothing of an unexpected error's text reaches the caller. */
export function answerFor(error: unknown, request: { readonly path: string; readonly id: string }): ProblemAnswer {
  const facts = factsOf(error);
  const headers: Record<string, string> = {};
  if (facts.status === 401) headers['WWW-Authenticate'] = 'Bearer realm="devops-simulator"';
  if (facts.retryAfterSeconds !== undefined) headers['Retry-After'] = String(Math.ceil(facts.retryAfterSeconds));
  return {
    headers,
    logLevel: facts.logLevel,
    problem: {
      type: `urn:dsim:problem:${facts.code}`,
      title: TITLES[facts.status] ?? (facts.status < 500 ? 'Request failed' : 'Internal error'),
      status: facts.status,
      detail: facts.detail,
      instance: request.path,
      code: facts.code,
      requestId: request.id,
      ...(facts.issues.length > 0 ? { errors: facts.issues.map(issueOf) } : {}),
    },
  };
}

/** Issues of a text bring their place along; line 0 says that there is none. */
function issueOf(issue: FieldIssue & Partial<Record<'file' | 'line' | 'column', unknown>>) {
  const { path, message, file, line, column } = issue;
  const placed = typeof file === 'string' && typeof line === 'number' && typeof column === 'number' && line > 0;
  return { path, message, ...(placed ? { file, line, column } : {}) };
}

interface Facts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly logLevel: ErrorLogLevel;
  readonly issues: DomainError['issues'];
  readonly retryAfterSeconds?: number;
}

function factsOf(error: unknown): Facts {
  if (error instanceof DomainError) return factsOfDomainError(error);
  if (isDependencyOutage(error)) {
    return {
      status: 503,
      code: 'http.dependency_unavailable',
      detail: 'The database or the queue does not answer at the moment. Try again shortly.',
      logLevel: 'warn',
      issues: [],
      retryAfterSeconds: OUTAGE_RETRY_SECONDS,
    };
  }
  const status = statusOf(error);
  if (status !== undefined && status < 500) {
    return {
      status,
      code: FRAMEWORK_CODES[status] ?? 'http.request_failed',
      detail: (error as Error).message,
      logLevel: 'debug',
      issues: [],
    };
  }
  if (status === 503) {
    return {
      status,
      code: 'http.unavailable',
      detail: 'Not available at the moment.',
      logLevel: 'warn',
      issues: [],
      retryAfterSeconds: 1,
    };
  }
  return {
    status: 500,
    code: 'http.internal_error',
    detail: 'Something went wrong on our side. The request id leads to the log entry.',
    logLevel: 'error',
    issues: [],
  };
}

function factsOfDomainError(error: DomainError): Facts {
  const status = STATUS_OF_KIND[error.kind];
  const unavailable = status === 503 || status === 429;
  return {
    status,
    code: error.code,
    detail:
      error.kind === 'internal'
        ? 'Something went wrong on our side. The request id leads to the log entry.'
        : error.message,
    logLevel: error.logLevel,
    issues: error.issues,
    retryAfterSeconds: error.retryAfterSeconds ?? (unavailable ? 1 : undefined),
  };
}

/** Status of a Nest exception or of a Fastify error. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error)) return undefined;
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined;
}
