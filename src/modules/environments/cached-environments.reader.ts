import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Page } from '../../kernel/page.js';
import { cursorPart, encodeCursor, readCursor } from '../../platform/http/paging.js';
import { EnvironmentNotFoundError } from './environments.errors.js';
import { EnvironmentsReader, type Environment } from './environments.reader.js';
import { EnvironmentsRepository } from './environments.repository.js';

/** Ingestion asks on every request. Another process sees a change at most this much later. */
const REMEMBERED_MS = 5_000;
const cursorKey = z.tuple([cursorPart.integer]);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Injectable()
export class CachedEnvironmentsReader extends EnvironmentsReader {
  private readonly byId = new LRUCache<string, Environment>({ max: 1_000, ttl: REMEMBERED_MS });

  constructor(private readonly environments: EnvironmentsRepository) {
    super();
  }

  override async get(id: string): Promise<Environment> {
    const environment = await this.find(id);
    if (!environment) throw new EnvironmentNotFoundError(id);
    return environment;
  }

  override async find(id: string): Promise<Environment | undefined> {
    // What is no UUID would be an error of PostgreSQL's.
    if (!UUID.test(id)) return undefined;
    const remembered = this.byId.get(id);
    if (remembered) return remembered;
    const environment = await this.environments.byId(id);
    if (environment) this.byId.set(id, Object.freeze(environment));
    return environment;
  }

  override async all(): Promise<readonly Environment[]> {
    return this.environments.all();
  }

  override async page(limit: number, cursor?: string): Promise<Page<Environment>> {
    const found = await this.environments.list(limit + 1, cursor === undefined ? 0 : readCursor(cursor, cursorKey)[0]);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last ? encodeCursor([last.key]) : null };
  }

  forget(id: string): void {
    this.byId.delete(id);
  }
}
