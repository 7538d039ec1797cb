import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';

const CONNECTIONS = 'dsim_live_connections';

export const liveMetrics = [makeGaugeProvider({ name: CONNECTIONS, help: 'Open streams of live events.' })];

@Injectable()
export class LiveMetrics {
  constructor(@InjectMetric(CONNECTIONS) private readonly connections: Gauge<string>) {}

  opened(): void {
    this.connections.inc();
  }

  closed(): void {
    this.connections.dec();
  }
}
