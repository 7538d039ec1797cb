import type { Provider } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { ConfigOf } from '../../platform/config/define-config.js';
import { EnvironmentsProvisioner } from '../environments/index.js';
import { HostCollector } from './host-source/host-collector.js';
import { HostSource } from './host-source/host-source.js';
import { telemetryConfig } from './telemetry.config.js';
import { TelemetryWriter } from './telemetry.writer.js';

/** The host source where the configuration wants it, otherwise null: then nothing reads the machine. */
export const hostSourceProvider: Provider = {
  provide: HostSource,
  inject: [telemetryConfig.token, EnvironmentsProvisioner, TelemetryWriter, Clock],
  useFactory: (
    { hostSource }: ConfigOf<typeof telemetryConfig>,
    environments: EnvironmentsProvisioner,
    writer: TelemetryWriter,
    clock: Clock,
  ): HostSource | null =>
    hostSource.enabled
      ? new HostSource(new HostCollector(), environments, writer, clock, {
          intervalSeconds: hostSource.intervalSeconds,
        })
      : null,
};
