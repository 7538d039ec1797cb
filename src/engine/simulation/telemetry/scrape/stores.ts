import { scrapeCache } from './caches.js';
import { scrapeDatabase } from './databases.js';
import { scrapeQueue } from './queues.js';
import type { ScrapeContext } from './scrape-context.js';

/** The exporters of databases, caches and queues. External services are other people's to scrape. */
export function scrapeStores(context: ScrapeContext): void {
  for (const { index, kind, spec } of context.fleet.components) {
    if (kind !== 'store') continue;
    if (spec.kind === 'database') scrapeDatabase(context, index, spec);
    else if (spec.kind === 'cache') scrapeCache(context, index, spec);
    else if (spec.kind === 'queue') scrapeQueue(context, index, spec);
  }
}
