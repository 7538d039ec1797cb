import { Agent, request } from 'node:http';
import { WriteRequestEncoder, exampleSeries, writeHeaders } from '../../support/remote-write-sender.js';
import { percentile } from './percentile.js';

export const SERIES_PER_REQUEST = 2_000;
/** More than one machine has stored so far: a run that uses up its bodies would end early. */
const FASTEST_SAMPLES_PER_SECOND = 800_000;

export interface SendTarget {
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

export interface Sent {
  readonly samples: number;
  readonly samplesPerSecond: number;
  readonly p99Ms: number;
}

/**
 * Ready bodies, a list per connection. Each connection has series of its own and sends their samples in the order of
 * time, which Prometheus insists on.
 */
export function prepareBodies(connections: number, seconds: number): Buffer[][] {
  const requests = Math.ceil((seconds * FASTEST_SAMPLES_PER_SECOND) / SERIES_PER_REQUEST / connections);
  const start = Date.now() - requests * 1_000;
  return Array.from({ length: connections }, (_, c) => {
    const encoder = new WriteRequestEncoder('v1', exampleSeries(SERIES_PER_REQUEST, `-${c}`));
    const values = Float64Array.from({ length: SERIES_PER_REQUEST }, (_, i) => i * 1_000);
    return Array.from({ length: requests }, (_, r) => {
      for (let i = 0; i < values.length; i++) values[i]! += (i * 7 + r) % 23;
      return encoder.encodeCompressed(new Float64Array(values.length).fill(start + r * 1_000), values);
    });
  });
}

/** Sends on all connections at once, each as fast as it is answered, until the time or the bodies are used up. */
export async function send(target: SendTarget, bodies: readonly (readonly Buffer[])[], seconds: number): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: bodies.length });
  const started = performance.now();
  const deadline = started + seconds * 1_000;
  const durations: number[] = [];
  await Promise.all(
    bodies.map(async (list) => {
      for (const body of list) {
        if (performance.now() > deadline) return;
        const at = performance.now();
        await post(agent, target, body);
        durations.push(performance.now() - at);
      }
    }),
  );
  const took = (performance.now() - started) / 1_000;
  agent.destroy();
  const samples = durations.length * SERIES_PER_REQUEST;
  return { samples, samplesPerSecond: samples / took, p99Ms: percentile(durations, 99) };
}

function post(agent: Agent, { port, path, token }: SendTarget, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...writeHeaders('v1'), authorization: `Bearer ${token}`, 'content-length': body.length };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 204 ? resolve() : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
