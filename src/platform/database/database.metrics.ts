import { Injectable, type OnModuleDestroy, type OnModuleInit, type Provider } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Pool } from 'pg';
import type { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { ReplicaPools } from './replica-pools.js';

const CONNECTIONS = 'dsim_database_pool_connections';
const WAITING = 'dsim_database_pool_waiting_requests';
const SAMPLE_EVERY_MS = 5_000;

@Injectable()
export class DatabasePoolMetrics implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly replicas: ReplicaPools,
    @InjectMetric(CONNECTIONS) private readonly connections: Gauge,
    @InjectMetric(WAITING) private readonly waiting: Gauge,
  ) {}

  onModuleInit(): void {
    this.sample();
    this.timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const primary = (this.dataSource.driver as unknown as { master: Pool }).master;
    this.set('primary', [primary]);
    if (this.replicas.pools.length > 0) this.set('replica', this.replicas.pools);
  }

  private set(server: string, pools: readonly Pool[]): void {
    const sum = (read: (pool: Pool) => number): number => pools.reduce((total, pool) => total + read(pool), 0);
    this.connections.set(
      { server, state: 'total' },
      sum((pool) => pool.totalCount),
    );
    this.connections.set(
      { server, state: 'idle' },
      sum((pool) => pool.idleCount),
    );
    this.waiting.set(
      { server },
      sum((pool) => pool.waitingCount),
    );
  }
}

export const poolMetricProviders: Provider[] = [
  makeGaugeProvider({
    name: CONNECTIONS,
    help: 'Open connections to PostgreSQL, all (total) and unused (idle).',
    labelNames: ['server', 'state'],
  }),
  makeGaugeProvider({
    name: WAITING,
    help: 'Callers that wait for a connection.',
    labelNames: ['server'],
  }),
  DatabasePoolMetrics,
];
