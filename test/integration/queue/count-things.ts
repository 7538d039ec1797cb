import { z } from 'zod';
import { defineJob, type JobContext, type JobProcessor } from '../../../src/platform/queue/define-job.js';
import { Processes } from '../../../src/platform/queue/processes.decorator.js';

export const countThings = defineJob({
  name: 'count-things',
  queue: 'test-things',
  version: 1,
  payload: z.object({ thing: z.string(), at: z.coerce.date().optional() }),
  attempts: 3,
  backoffMs: 100,
  concurrency: 4,
});

export type CountPayload = z.output<typeof countThings.payload>;

export interface Run {
  readonly thing: string;
  readonly attempt: number;
  readonly at: number;
  readonly payload: CountPayload;
}

/** Remembers its runs and does whatever the test says. */
@Processes(countThings)
export class ThingCounter implements JobProcessor<typeof countThings> {
  readonly runs: Run[] = [];

  constructor(
    private readonly work: (payload: CountPayload, context: JobContext) => Promise<void> = async () => undefined,
  ) {}

  async process(payload: CountPayload, context: JobContext): Promise<void> {
    this.runs.push({ thing: payload.thing, attempt: context.attempt, at: Date.now(), payload });
    await this.work(payload, context);
  }
}

@Processes(countThings)
export class StuckCounter implements JobProcessor<typeof countThings> {
  constructor(private readonly onStuck: () => void) {}

  process(): Promise<void> {
    this.onStuck();
    return new Promise(() => undefined);
  }
}
