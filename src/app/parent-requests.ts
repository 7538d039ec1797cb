import { Logger } from '@nestjs/common';
import type { HealthOutcome } from '../platform/observability/health-registry.js';
import type { ParentMessage, WorkerMessage } from './worker-messages.js';

export interface WorkerFacts {
  metrics(): Promise<string>;
  health(): Promise<HealthOutcome>;
}

type Request = Extract<ParentMessage, { id: number }>;

/** What the worker answers its parent. Always something: the parent waits, and a rejection would end the process. */
export async function answerParent(request: Request, facts: WorkerFacts): Promise<WorkerMessage> {
  const { id } = request;
  if (request.type === 'metrics') {
    try {
      return { type: 'metrics', id, text: await facts.metrics() };
    } catch (error) {
      new Logger('Worker').warn({ msg: 'the metrics of the worker cannot be read', reason: reasonOf(error) });
      return { type: 'metrics', id, text: '' };
    }
  }
  try {
    return { type: 'health', id, outcome: await facts.health() };
  } catch (error) {
    return { type: 'health', id, outcome: { status: 'down', reason: reasonOf(error) } };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
