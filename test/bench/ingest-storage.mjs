// Prints what storage costs and how fast it answers with 100,000 series. `node test/bench/ingest-storage.mjs [series]`
import 'reflect-metadata';
import { loadTypeScript } from './load-typescript.mjs';

const { run } = await loadTypeScript(new URL('./ingest-storage.ts', import.meta.url));
await run(Number(process.argv[2] ?? 100_000));
process.exit(0);
