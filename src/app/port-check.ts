import { createServer } from 'node:net';
import type { ConfigOf } from '../platform/config/define-config.js';
import type { httpConfig } from '../platform/http/http.config.js';
import { BootError } from './boot-error.js';

/** Tries the port before anything is started, so that the usual mistake is told in a moment and starts no database. */
export async function checkPortIsFree({
  host,
  port,
}: Pick<ConfigOf<typeof httpConfig>, 'host' | 'port'>): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(new BootError(explain(error, host, port), error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Stop that program, or choose another port: HTTP_PORT=${port + 1} npm start.`;
  }
  if (error.code === 'EACCES') {
    return `This user may not listen on port ${port}. Choose one above 1023: HTTP_PORT=8080 npm start.`;
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `This machine has no address ${host}. Set HTTP_HOST to one of its addresses, or to 0.0.0.0 for all.`;
  }
  return `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose another place with HTTP_HOST and HTTP_PORT.`;
}
