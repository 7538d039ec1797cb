// The receiving process of test/bench/ingest.ts. Sends its port, then answers CPU questions of its parent.
import 'reflect-metadata';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./ingest-server.ts', import.meta.url).pathname, {
  configFile: false,
  logLevel: 'error',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
});
await module.serve(JSON.parse(process.env.BENCH_INGEST));
