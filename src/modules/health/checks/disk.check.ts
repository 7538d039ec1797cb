import { Injectable, type OnModuleInit } from '@nestjs/common';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { HealthRegistry, type HealthOutcome } from '../../../platform/observability/health-registry.js';
import { Runtime } from '../../../platform/registry/runtime.js';
import { healthConfig } from '../health.config.js';

const MIB = 1_048_576;

@Injectable()
export class DiskCheck implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly runtime: Runtime,
    @InjectConfig(healthConfig) private readonly config: ConfigOf<typeof healthConfig>,
  ) {}

  onModuleInit(): void {
    this.registry.register({ name: 'disk', scopes: ['ready'], check: () => this.measure() });
  }

  private async measure(): Promise<HealthOutcome> {
    const space = await freeSpace(this.runtime.dataDir);
    if (space === undefined) return { status: 'up', details: { freeMib: null } };
    const freeMib = Math.floor(space / MIB);
    const details = { freeMib, limitMib: this.config.minFreeDiskMib };
    // Without a database of its own this process writes nothing: a full disk is then no reason to stop.
    if (freeMib >= this.config.minFreeDiskMib || !this.runtime.embeddedDatabase) return { status: 'up', details };
    return {
      status: 'down',
      reason: `Only ${freeMib} MiB are free in ${this.runtime.dataDir}; ${this.config.minFreeDiskMib} are needed. Free some space or shorten the retention.`,
      details,
    };
  }
}

/** Bytes free to us in a folder, or in the nearest parent that exists; undefined where the system does not say. */
async function freeSpace(folder: string): Promise<number | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    try {
      const { bavail, bsize } = await statfs(current);
      return bavail * bsize;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || current === dirname(current)) return undefined;
    }
  }
}
