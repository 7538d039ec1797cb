// Runs a TypeScript file in a process of its own, so that a test can kill it: node run-typescript.mjs file [arguments]
import { createServer } from 'vite';

const server = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, ws: false, hmr: false },
  optimizeDeps: { noDiscovery: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
});
await server.ssrLoadModule('reflect-metadata');
await server.ssrLoadModule(process.argv[2]);
