import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/** Loads a TypeScript module with everything that it imports, later dynamic imports included. Decorators work. */
export async function loadTypeScript(url) {
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    server: { middlewareMode: true, watch: null, ws: false, hmr: false },
    optimizeDeps: { noDiscovery: true },
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  });
  return server.ssrLoadModule(fileURLToPath(url));
}
