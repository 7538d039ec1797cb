import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthOutcome } from '../observability/health-registry.js';
import { ModelRegistry } from './model-registry.js';

@Injectable()
export class InferenceHealth implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly models: ModelRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register({ name: 'models', scopes: ['ready', 'startup'], check: async () => this.verified() });
  }

  private verified(): HealthOutcome {
    const models = this.models.list();
    if (models.length === 0)
      return { status: 'down', reason: 'No model is installed: the models folder holds no manifest.' };
    return { status: 'up', details: { models: models.length } };
  }
}
