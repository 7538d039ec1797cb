import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry } from '../../../platform/observability/health-registry.js';
import { ShutdownState } from '../../../platform/http/shutdown-state.js';

@Injectable()
export class ShutdownCheck implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly shutdown: ShutdownState,
  ) {}

  onModuleInit(): void {
    this.registry.register({
      name: 'shutdown',
      scopes: ['ready'],
      check: () =>
        Promise.resolve(
          this.shutdown.shuttingDown ? { status: 'down', reason: 'This process is shutting down.' } : { status: 'up' },
        ),
    });
  }
}
