import { ConsoleLogger, Module, type LoggerService } from '@nestjs/common';
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

/** For `setLogger`: failures are provoked all the time in tests. DSIM_TEST_LOGS=1 shows what the parts say about them. */
export function testLogger(): LoggerService {
  return new ConsoleLogger({
    logLevels: process.env['DSIM_TEST_LOGS'] === '1' ? ['log', 'warn', 'error', 'fatal'] : ['fatal'],
  });
}
