// Prints samples/s stored durably through HTTP, beside Prometheus's own receiver. `node test/bench/ingest.mjs [seconds] [connections]`
import { loadTypeScript } from './load-typescript.mjs';

const { run } = await loadTypeScript(new URL('./ingest.ts', import.meta.url));
await run(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 8));
process.exit(0);
