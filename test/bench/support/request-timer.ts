import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile.js';

export interface Latency {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/**
 * Sends GETs at a steady rate, whether or not earlier ones have been answered, and times each from the moment at
 * which it was due: a server that stalls is charged for all who had to wait.
 */
export async function timeRequests(
  url: string,
  authorization: string,
  { rate, until }: { readonly rate: number; readonly until: (elapsedMs: number) => boolean },
): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const durations: number[] = [];
  const pending: Promise<void>[] = [];
  const started = performance.now();
  for (let i = 0; !until(performance.now() - started); i++) {
    const due = started + (i * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    // Late timers of this process are not the server's fault.
    const from = Math.max(due, performance.now() - 1);
    pending.push(get(agent, url, authorization).then(() => void durations.push(performance.now() - from)));
  }
  await Promise.all(pending);
  agent.destroy();
  return {
    requests: durations.length,
    p50Ms: percentile(durations, 50),
    p99Ms: percentile(durations, 99),
    worstMs: percentile(durations, 100),
  };
}

function get(agent: Agent, url: string, authorization: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { authorization } }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end();
  });
}
