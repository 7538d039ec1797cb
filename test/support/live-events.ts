import { request, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.js';

export interface LiveEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of server-sent events that keeps what it saw. */
export class LiveEvents {
  readonly seen: LiveEvent[] = [];
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.read(chunk));
    response.on('error', () => undefined);
  }

  static open(url: string, headers: Readonly<Record<string, string>>): Promise<LiveEvents> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers: { ...headers, accept: 'text/event-stream' }, agent: false }, (response) => {
        if (response.statusCode === 200) return resolve(new LiveEvents(response));
        reject(new Error(`${url}: ${response.statusCode}`));
        response.destroy();
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  waitFor(
    type: string,
    matches: (data: LiveEvent['data']) => boolean = () => true,
    withinMs = 30_000,
  ): Promise<LiveEvent> {
    return eventually(
      `live event ${type}`,
      () => this.seen.find((event) => event.type === type && matches(event.data)),
      {
        withinMs,
        everyMs: 50,
      },
    );
  }

  close(): void {
    this.response.destroy();
  }

  private read(chunk: string): void {
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const type = fields.get('event');
      if (type !== undefined)
        this.seen.push({ type, data: JSON.parse(fields.get('data') ?? 'null') as LiveEvent['data'] });
    }
  }
}
