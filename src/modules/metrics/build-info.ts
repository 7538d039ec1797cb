import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Runtime } from '../../platform/registry/runtime.js';

const BUILD_INFO = 'dsim_build_info';

export const buildInfoMetric = makeGaugeProvider({
  name: BUILD_INFO,
  help: 'Always 1; the labels say what runs.',
  labelNames: ['version', 'profile', 'role', 'node_version'],
});

@Injectable()
export class BuildInfo implements OnModuleInit {
  constructor(
    private readonly runtime: Runtime,
    @InjectMetric(BUILD_INFO) private readonly gauge: Gauge<'version' | 'profile' | 'role' | 'node_version'>,
  ) {}

  onModuleInit(): void {
    const { version, profile, role } = this.runtime;
    this.gauge.set({ version, profile, role, node_version: process.version }, 1);
  }
}
