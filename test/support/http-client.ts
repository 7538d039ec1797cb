import { request, type IncomingHttpHeaders } from 'node:http';

export interface HttpAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed where the answer is JSON. */
  readonly body: Body;
}

export interface HttpQuestion {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A Buffer goes out as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** One request on a connection of its own: servers in these tests are killed, and kept connections would be stale. */
export function ask<Body = unknown>(url: string, question: HttpQuestion = {}): Promise<HttpAnswer<Body>> {
  const { method = 'GET', body, timeoutMs = 20_000 } = question;
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
    ...(bytes === undefined || bytes === body ? {} : { 'content-type': 'application/json' }),
    ...question.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, timeout: timeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => {
        const json = /\bjson\b/.test(response.headers['content-type'] ?? '') && text !== '';
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text,
          body: (json ? JSON.parse(text) : undefined) as Body,
        });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${url} took longer than ${timeoutMs} ms`)));
    sent.once('error', reject);
    sent.end(bytes);
  });
}
