import { Logger } from '@nestjs/common';
import { SystemClock } from '../../src/kernel/clock.js';
import type { Environment } from '../../src/modules/environments/index.js';
import { PackService } from '../../src/modules/telemetry/storage/pack.service.js';
import { startHttpTelemetry } from '../integration/telemetry/support/http.js';
import { KnownEnvironments, startTelemetryProcess } from '../integration/telemetry/support/telemetry-process.js';

export interface ServerSettings {
  readonly role: 'api' | 'worker';
  readonly databaseUrl: string;
  readonly environment: Environment;
}

/** `api` receives; `worker` packs whenever a million samples wait, as the jobs of the product do. */
export async function serve({ role, databaseUrl, environment }: ServerSettings): Promise<void> {
  Logger.overrideLogger(false);
  process.once('disconnect', () => process.exit(0));
  const environments = new KnownEnvironments();
  environments.known.push(environment);
  const options = { databaseUrl, clock: new SystemClock(), environments };
  if (role === 'api') {
    const app = await startHttpTelemetry(options);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    process.send!({ port });
    return;
  }
  const app = await startTelemetryProcess(options);
  let packed = 0;
  process.on('message', (message) => {
    if (message === 'pack')
      void app
        .get(PackService)
        .pack(environment)
        .then((samples) => process.send!({ packed: (packed += samples) }));
  });
  process.send!({ port: 0 });
}
