import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { ApiTokenProvisioner } from '../../auth/index.js';
import { EnvironmentsProvisioner } from '../../environments/index.js';
import { telemetryConfig } from '../telemetry.config.js';

/** Makes the environment and the API token that the configuration brings along, before the first request. */
@Injectable()
export class IngestTokenBootstrap implements OnApplicationBootstrap {
  constructor(
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    private readonly environments: EnvironmentsProvisioner,
    private readonly tokens: ApiTokenProvisioner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { ingestToken: token, ingestEnvironment: slug } = this.config;
    if (token === undefined) return;
    const environment = await this.environments.ensure({ slug, name: slug, kind: 'live' });
    await this.tokens.ensure({
      token,
      name: `ingest ${slug}`,
      permissions: ['telemetry:write'],
      environmentId: environment.id,
    });
  }
}
