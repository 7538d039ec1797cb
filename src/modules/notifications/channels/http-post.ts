import { destinationOf } from './destination.js';
import type { FailureReason, Outcome } from './notifier.js';

const ANSWER_CHARACTERS = 200;
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/**
 * Posts JSON and classifies the answer: 2xx delivered; 408, 425, 429 and 5xx worth a retry; other 4xx not. Redirects
 * are never followed: a signed body must not travel to a host that nobody configured.
 */
export async function postJson({ url, body, headers, timeoutMs, signal }: Post): Promise<Outcome> {
  const destination = destinationOf(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'devops-simulator', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    return await classify(response, destination);
  } catch (error) {
    if (signal.aborted) return retryable('interrupted', 'the process was stopping');
    if (timeout.aborted) return retryable('timeout', `no answer from ${destination} within ${timeoutMs / 1_000} s`);
    return retryable('connection', `cannot reach ${destination}: ${causeOf(error)}`);
  }
}

async function classify(response: Response, destination: string): Promise<Outcome> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    await response.body?.cancel();
    return { outcome: 'delivered' };
  }
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    const detail = `${destination} answered ${status}; redirects are not followed, configure the final address`;
    return { outcome: 'permanent-failure', reason: 'redirect', detail };
  }
  const detail = `${destination} answered ${status}${await beginningOf(response)}`;
  if (status === 429) return { ...retryable('rate_limited', detail), ...retryAfter(response) };
  if (status >= 500) return { ...retryable('server_error', detail), ...retryAfter(response) };
  if (status === 408 || status === 425) return retryable('client_error', detail);
  return { outcome: 'permanent-failure', reason: status === 410 ? 'gone' : 'client_error', detail };
}

function retryable(reason: FailureReason, detail: string): Outcome & { outcome: 'retryable-failure' } {
  return { outcome: 'retryable-failure', reason, detail };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3). What is neither is ignored. */
function retryAfter(response: Response): { retryAfterMs?: number } {
  const header = response.headers.get('retry-after')?.trim();
  if (!header) return {};
  const ms = /^\d+$/.test(header)
    ? Number(header) * 1_000
    : Date.parse(header) - Date.parse(response.headers.get('date') ?? '');
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: Math.min(ms, LONGEST_RETRY_AFTER_MS) } : {};
}

/** Receivers say there what they did not like. Reads no more than one chunk of it. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const { value } = await reader.read();
  await reader.cancel();
  const text = new TextDecoder()
    .decode(value?.subarray(0, 4 * ANSWER_CHARACTERS))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, ANSWER_CHARACTERS);
  return text === '' ? '' : `: ${text}`;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.name : 'unknown error');
}
