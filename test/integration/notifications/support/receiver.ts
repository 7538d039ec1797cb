import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Its signature is right and no older than five minutes. */
  readonly trusted: boolean;
  /** The same delivery id came before. */
  readonly repeated: boolean;
}

type Answer = number | ((response: ServerResponse) => void);

/** A webhook receiver as the README says to write one. Answers 204 unless scripted otherwise. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly script: Answer[] = [];
  private readonly seen = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(secret: string, nowSeconds: () => number): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const id = String(request.headers['x-dsim-delivery'] ?? '');
        const signature = String(request.headers['x-dsim-signature'] ?? '');
        receiver.received.push({
          path: request.url ?? '',
          headers: request.headers,
          body,
          trusted: verify(secret, signature, body, nowSeconds()),
          repeated: receiver.seen.has(id),
        });
        receiver.seen.add(id);
        const answer = receiver.script.shift() ?? 204;
        if (typeof answer === 'number') response.writeHead(answer).end();
        else answer(response);
      });
    });
    return receiver;
  }

  answers(...answers: readonly Answer[]): void {
    this.script.push(...answers);
  }

  reset(): void {
    this.received.length = 0;
    this.script.length = 0;
    this.seen.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function verify(secret: string, header: string, body: string, nowSeconds: number): boolean {
  const fields = new Map(header.split(',').map((field) => field.split('=', 2) as [string, string]));
  const [time, given] = [fields.get('t'), fields.get('v1')];
  if (time === undefined || given === undefined || Math.abs(nowSeconds - Number(time)) > 300) return false;
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  const actual = Buffer.from(given, 'hex');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
