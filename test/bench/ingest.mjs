// Prints samples/s stored durably through HTTP, beside Prometheus's own receiver. `node test/bench/ingest.mjs [seconds] [connections]`
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./ingest.ts', import.meta.url).pathname, { configFile: false, logLevel: 'error' });
await module.run(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 8));
process.exit(0);
