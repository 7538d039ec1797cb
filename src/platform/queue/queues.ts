import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { getQueueToken } from '@nestjs/bullmq';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { QueueCatalogue } from './queue-catalogue.js';
import { QueueNotFound } from './queue.errors.js';
import { RepeatedWarnings } from './repeated-warnings.js';

/** The BullMQ queues by name. For platform parts and the dashboard; modules use `JobQueue`. */
@Injectable()
export class Queues implements OnModuleInit {
  private readonly warnings = new RepeatedWarnings(new Logger('Queue'));
  private readonly byName = new Map<string, Queue>();

  constructor(
    private readonly catalogue: QueueCatalogue,
    private readonly moduleRef: ModuleRef,
  ) {}

  /** Loads the catalogue, and with it checks every declaration, before anything runs. */
  onModuleInit(): void {
    for (const queue of this.all()) {
      queue.on('error', (error) => this.warnings.warn('queue error', error.message, queue.name));
    }
  }

  all(): readonly Queue[] {
    return this.catalogue.queueNames.map((name) => this.get(name));
  }

  get(name: string): Queue {
    const known = this.byName.get(name);
    if (known) return known;
    if (!this.catalogue.queueNames.includes(name)) throw new QueueNotFound(name);
    const queue = this.moduleRef.get<Queue>(getQueueToken(name), { strict: false });
    this.byName.set(name, queue);
    return queue;
  }
}
