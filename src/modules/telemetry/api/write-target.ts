import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../../platform/http/access.js';
import { type Environment, EnvironmentsReader } from '../../environments/index.js';
import { EnvironmentForbiddenError, EnvironmentMissingError, EnvironmentUnknownError } from '../telemetry.errors.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Decides which environment a write request is for: the token's, or the one that the header names. */
@Injectable()
export class WriteTarget {
  /** Ids by slug: a sender repeats its header with every request. */
  private readonly bySlug = new LRUCache<string, string>({ max: 1_000, ttl: 5_000 });

  constructor(private readonly environments: EnvironmentsReader) {}

  async resolve(principal: Principal, header: string | undefined): Promise<Environment> {
    const named = header?.trim();
    if (principal.environmentId !== null) {
      const own = await this.environments.get(principal.environmentId);
      if (named && named.toLowerCase() !== own.id && named !== own.slug) throw new EnvironmentForbiddenError();
      return own;
    }
    if (!named) throw new EnvironmentMissingError();
    const id = UUID.test(named) ? named.toLowerCase() : await this.idOf(named);
    const found = id === undefined ? undefined : await this.environments.find(id);
    if (!found) throw new EnvironmentUnknownError(named);
    return found;
  }

  private async idOf(slug: string): Promise<string | undefined> {
    const remembered = this.bySlug.get(slug);
    if (remembered) return remembered;
    const found = (await this.environments.all()).find((environment) => environment.slug === slug);
    if (found) this.bySlug.set(slug, found.id);
    return found?.id;
  }
}
