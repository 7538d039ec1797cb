import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../platform/http/access.js';
import { type Environment, EnvironmentsReader } from '../../environments/index.js';
import { EnvironmentForbiddenError, EnvironmentMissingError, EnvironmentUnknownError } from '../telemetry.errors.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Decides which environment a write request is for: the token's, or the one that the header names. */
@Injectable()
export class WriteTarget {
  constructor(private readonly environments: EnvironmentsReader) {}

  async resolve(principal: Principal, header: string | undefined): Promise<Environment> {
    const named = header?.trim();
    if (principal.environmentId !== null) {
      const own = await this.environments.get(principal.environmentId);
      if (named && named.toLowerCase() !== own.id && named !== own.slug) throw new EnvironmentForbiddenError();
      return own;
    }
    if (!named) throw new EnvironmentMissingError();
    const found = UUID.test(named)
      ? await this.environments.find(named.toLowerCase())
      : (await this.environments.all()).find(({ slug }) => slug === named);
    if (!found) throw new EnvironmentUnknownError(named);
    return found;
  }
}
