// The receiving process of test/bench/ingest.ts.
import 'reflect-metadata';
import { loadTypeScript } from './load-typescript.mjs';

const { serve } = await loadTypeScript(new URL('./ingest-server.ts', import.meta.url));
await serve(JSON.parse(process.env.BENCH_INGEST));
