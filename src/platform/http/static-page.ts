import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '../config/environment.js';
import type { HttpApplicationOptions } from './http-options.js';

const NOT_BUILT = `DevOps Simulator is running, but its page has not been built.

Build it:   npm run build
The API:    /api/v1
Its manual: /api/docs
`;

/** Files that Vite names after their content: what is behind a name never changes. */
const HASHED = /[/\\]assets[/\\]/;

/** The page at `/`. It routes by the hash, so that no address but its files needs an answer. */
export async function servePage(fastify: FastifyInstance, options: HttpApplicationOptions): Promise<void> {
  const root = [options.webRoot, join(PROJECT_DIR, 'dist/web'), join(PROJECT_DIR, 'web/dist')].find(
    (folder): folder is string => folder !== undefined && existsSync(join(folder, 'index.html')),
  );
  if (root === undefined) {
    fastify.get('/', (_request, reply) =>
      reply.type('text/plain; charset=utf-8').header('Cache-Control', 'no-store').send(NOT_BUILT),
    );
    return;
  }
  await fastify.register(fastifyStatic, {
    root,
    // One route per file: an unknown address gets our problem document, without a look at the disk.
    wildcard: false,
    globIgnore: ['**/*.br', '**/*.gz', '**/*.map'],
    preCompressed: true,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      void reply.header('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
