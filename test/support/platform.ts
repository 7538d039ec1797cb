import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../src/kernel/clock.js';
import { HealthRegistry } from '../../src/platform/observability/health-registry.js';
import type { ModuleContext } from '../../src/platform/registry/module-definition.js';

/** What the application's root provides to every module. */
@Module({
  providers: [HealthRegistry, { provide: Clock, useClass: SystemClock }],
  exports: [HealthRegistry, Clock],
})
class TestPlatformModule {}

export const testPlatform = { module: TestPlatformModule, global: true };

/** A process that does everything, unless told otherwise. */
export function moduleContext(changes: Partial<ModuleContext> = {}): ModuleContext {
  return { profile: 'development', role: 'all', serves: true, works: true, isEnabled: () => true, ...changes };
}
