import type { DynamicModule, LoggerService } from '@nestjs/common';
import { CacheModule } from '../platform/cache/cache.module.js';
import { ConfigurationModule } from '../platform/config/configuration.module.js';
import type { Configuration } from '../platform/config/load-configuration.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { EventsModule } from '../platform/events/events.module.js';
import { InferenceModule } from '../platform/inference/inference.module.js';
import type { LogLevelControl } from '../platform/observability/log-level-control.js';
import { ObservabilityModule } from '../platform/observability/observability.module.js';
import { QueueModule } from '../platform/queue/queue.module.js';
import type { ModuleContext } from '../platform/registry/module-definition.js';
import { RegistryModule, type RegistryOptions } from '../platform/registry/registry.module.js';
import { CATALOGUE } from './catalogue.js';

export interface ComposeOptions extends RegistryOptions {
  readonly configuration: Configuration;
  readonly logger: LoggerService & LogLevelControl;
}

/** The whole product for one process: the technical parts, and the modules that profile and flags turn on. */
export class AppModule {
  static compose(context: ModuleContext, modules: readonly DynamicModule[], options: ComposeOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.register(options.configuration),
        RegistryModule.register(options),
        ObservabilityModule.register(options.logger),
        DatabaseModule.forRoot(),
        CacheModule.forRoot(),
        QueueModule.forRoot(context),
        EventsModule.forRoot(context),
        InferenceModule.forRoot(),
        ...modules,
      ],
    };
  }
}

/** The modules that are on, in the catalogue's order. One that is off is never imported. */
export function loadModules(context: ModuleContext): Promise<DynamicModule[]> {
  return Promise.all(CATALOGUE.filter(({ id }) => context.isEnabled(id)).map((definition) => definition.load(context)));
}
