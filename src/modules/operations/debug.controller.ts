import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Access } from '../../platform/http/access.js';

const WATCHED_MS = 1_000;
const NS_PER_MS = 1e6;

/** Development only. */
@ApiExcludeController()
@Controller('debug')
@Access('admin')
export class DebugController {
  /** Watches for a second: how late the event loop is, how busy, and what it is waiting for. */
  @Get('event-loop')
  async eventLoop(): Promise<unknown> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = performance.eventLoopUtilization();
    delay.enable();
    await sleep(WATCHED_MS);
    delay.disable();
    const { utilization } = performance.eventLoopUtilization(before);
    const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1_000) / 1_000;
    const resources: Record<string, number> = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    return {
      utilization,
      delayMs: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: delay.max / NS_PER_MS },
      memory: process.memoryUsage(),
      activeResources: resources,
    };
  }
}
