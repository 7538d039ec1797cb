import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile.js';
import type { Latency } from './request-timer.js';

export interface CallersOptions {
  readonly callers: number;
  /** Requests per second of each caller; a caller that waits for an answer sends the next one late. 0: at once. */
  readonly rate: number;
  readonly until: (elapsedMs: number) => boolean;
  /** Body of request number `n`. */
  readonly body: (n: number) => string;
}

/** Callers with a connection each, that POST, wait for the answer, and go on. Times are from the moment it was due. */
export async function timeCallers(
  url: string,
  authorization: string,
  { callers, rate, until, body }: CallersOptions,
): Promise<Latency & { readonly perSecond: number }> {
  const durations: number[] = [];
  const started = performance.now();
  let number = 0;
  const call = async (caller: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let due = started + (rate > 0 ? (caller / callers) * (1_000 / rate) : 0);
    while (!until(performance.now() - started)) {
      const early = due - performance.now();
      if (rate > 0 && early > 0) await sleep(early);
      // Late timers of this process are not the server's fault.
      const from = Math.max(due, performance.now() - 1);
      await post(agent, url, authorization, body(number++));
      durations.push(performance.now() - from);
      due = rate > 0 ? Math.max(due + 1_000 / rate, performance.now() - 1_000 / rate) : performance.now();
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return {
    requests: durations.length,
    perSecond: durations.length / ((performance.now() - started) / 1_000),
    p50Ms: percentile(durations, 50),
    p99Ms: percentile(durations, 99),
    worstMs: percentile(durations, 100),
  };
}

function post(agent: Agent, url: string, authorization: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
