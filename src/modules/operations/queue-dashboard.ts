import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Queues } from '../../platform/queue/queues.js';

export const DASHBOARD_PATH = '/api/v1/queues/dashboard';

/**
 * Bull-board in a Fastify of its own that has no port: the controller, behind our guards, hands requests in. Made
 * when an administrator first looks, because few ever do and it is large.
 */
@Injectable()
export class QueueDashboard implements OnModuleDestroy {
  private opening: Promise<FastifyInstance> | undefined;

  constructor(private readonly queues: Queues) {}

  board(): Promise<FastifyInstance> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  async onModuleDestroy(): Promise<void> {
    await (await this.opening?.catch(() => undefined))?.close();
  }

  private async open(): Promise<FastifyInstance> {
    const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }, { fastify: createFastify }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/fastify'),
      import('fastify'),
    ]);
    const adapter = new FastifyAdapter();
    adapter.setBasePath(DASHBOARD_PATH);
    createBullBoard({
      queues: this.queues.all().map((queue) => new BullMQAdapter(queue as never)),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'DevOps Simulator' } },
    });
    const board = createFastify({ logger: false, routerOptions: { ignoreTrailingSlash: true } });
    await board.register(adapter.registerPlugin() as never, { prefix: DASHBOARD_PATH } as never);
    await board.ready();
    return board;
  }
}
