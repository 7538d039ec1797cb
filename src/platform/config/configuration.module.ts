import type { DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import type { Configuration } from './load-configuration.js';

/** Hands the frozen sections to @nestjs/config, which provides each under its `CONFIGURATION(<key>)` token. */
export class ConfigurationModule {
  static register(configuration: Configuration): Promise<DynamicModule> {
    return ConfigModule.forRoot({
      isGlobal: true,
      ignoreEnvFile: true,
      validatePredefined: false,
      skipProcessEnv: true,
      load: configuration.sections().map((section) => registerAs(section.key, () => configuration.get(section))),
    });
  }
}
