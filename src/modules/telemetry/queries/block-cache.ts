import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { LRUCache } from 'lru-cache';
import type { Counter } from 'prom-client';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { JournalRepository } from '../storage/journal.repository.js';
import { telemetryConfig } from '../telemetry.config.js';
import { BLOCK_CACHE_READS_TOTAL } from '../telemetry.metrics.js';

/**
 * Journal blocks by id. A row never changes, so what was read once stays true; blocks are kept packed, because a
 * reader wants few of their series and can find those without unpacking the rest.
 */
@Injectable()
export class BlockCache {
  private readonly blocks: LRUCache<string, Buffer>;

  constructor(
    private readonly journal: JournalRepository,
    @InjectConfig(telemetryConfig) config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(BLOCK_CACHE_READS_TOTAL) private readonly reads: Counter<'outcome'>,
  ) {
    this.blocks = new LRUCache({ maxSize: config.blockCacheBytes, sizeCalculation: (block) => block.length + 100 });
  }

  /** The blocks in the order of the ids; undefined where one was packed since its id was read. */
  async get(ids: readonly string[]): Promise<Buffer[] | undefined> {
    const found = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const id of ids) {
      const block = this.blocks.get(id);
      if (block) found.set(id, block);
      else missing.push(id);
    }
    if (found.size > 0) this.reads.inc({ outcome: 'hit' }, found.size);
    if (missing.length > 0) {
      this.reads.inc({ outcome: 'miss' }, missing.length);
      const loaded = await this.journal.payloads(missing);
      if (loaded.size < missing.length) return undefined;
      for (const [id, block] of loaded) {
        this.blocks.set(id, block);
        found.set(id, block);
      }
    }
    return ids.map((id) => found.get(id)!);
  }
}
