import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { AnyJob, JobProcessor, Schedule } from './define-job.js';
import { PROCESSES_JOB } from './processes.decorator.js';
import { QueueFeature } from './queue-feature.js';
import { QUEUE_CONTEXT, type QueueContext } from './queue-context.js';
import { InvalidJobCatalogue, JobNotRegistered } from './queue.errors.js';

interface FoundProcessor {
  readonly job: AnyJob;
  readonly name: string;
  readonly instance: JobProcessor;
}

/** All jobs, schedules and processors of the process, checked against each other. */
@Injectable()
export class QueueCatalogue {
  private readonly jobsByName = new Map<string, AnyJob>();
  private readonly processors = new Map<AnyJob, JobProcessor>();
  private declaredSchedules: readonly Schedule[] = [];
  private loaded = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    @Inject(QUEUE_CONTEXT) private readonly context: QueueContext,
  ) {}

  get jobs(): readonly AnyJob[] {
    this.load();
    return [...this.jobsByName.values()];
  }

  get schedules(): readonly Schedule[] {
    this.load();
    return this.declaredSchedules;
  }

  get queueNames(): readonly string[] {
    return [...new Set(this.jobs.map((job) => job.queue))];
  }

  job(name: string): AnyJob | undefined {
    this.load();
    return this.jobsByName.get(name);
  }

  processorOf(job: AnyJob): JobProcessor {
    this.load();
    const processor = this.processors.get(job);
    if (!processor) throw new JobNotRegistered(job.name);
    return processor;
  }

  requireRegistered(job: AnyJob): void {
    if (this.job(job.name) !== job) throw new JobNotRegistered(job.name);
  }

  /** Throws `queue.invalid_jobs` with everything that is wrong. */
  private load(): void {
    if (this.loaded) return;
    const features = this.instances().filter((instance) => instance instanceof QueueFeature);
    const problems: string[] = [];
    for (const job of new Set(features.flatMap((feature) => feature.jobs))) {
      if (this.jobsByName.has(job.name)) problems.push(`two jobs are named "${job.name}"`);
      else this.jobsByName.set(job.name, job);
      if (!/^[a-z][a-z0-9-]*$/.test(job.queue))
        problems.push(`job "${job.name}" has the queue "${job.queue}", which is not kebab-case`);
    }
    this.declaredSchedules = features.flatMap((feature) => feature.schedules);
    problems.push(...this.scheduleProblems());
    if (this.context.works) problems.push(...this.matchProcessors());
    if (problems.length > 0) throw new InvalidJobCatalogue(problems);
    this.loaded = true;
  }

  private scheduleProblems(): string[] {
    const seen = new Set<string>();
    return this.declaredSchedules.flatMap((schedule) => {
      const problems: string[] = [];
      if (seen.has(schedule.id)) problems.push(`two schedules have the id "${schedule.id}"`);
      seen.add(schedule.id);
      if (!this.jobsByName.has(schedule.job.name))
        problems.push(`schedule "${schedule.id}" starts the unknown job "${schedule.job.name}"`);
      if ((schedule.every === undefined) === (schedule.cron === undefined)) {
        problems.push(`schedule "${schedule.id}" needs either every or cron`);
      }
      return problems;
    });
  }

  private matchProcessors(): string[] {
    const found = this.findProcessors();
    const problems: string[] = [];
    for (const job of this.jobsByName.values()) {
      const [processor, ...more] = found.filter((candidate) => candidate.job === job);
      if (!processor) problems.push(`job "${job.name}" has no processor (@Processes)`);
      else if (more.length > 0)
        problems.push(
          `job "${job.name}" has several processors: ${[processor, ...more].map(({ name }) => name).join(', ')}`,
        );
      else this.processors.set(job, processor.instance);
    }
    for (const { job, name } of found) {
      if (this.jobsByName.get(job.name) !== job)
        problems.push(`${name} processes the job "${job.name}", which is not registered`);
    }
    return problems;
  }

  private findProcessors(): FoundProcessor[] {
    const unique = new Set(this.instances());
    return [...unique].flatMap((instance) => {
      const job = this.reflector.get<AnyJob | undefined>(PROCESSES_JOB, instance.constructor);
      return job ? [{ job, name: instance.constructor.name, instance: instance as JobProcessor }] : [];
    });
  }

  private instances(): object[] {
    return this.discovery
      .getProviders()
      .map((wrapper) => wrapper.instance as unknown)
      .filter((instance): instance is object => typeof instance === 'object' && instance !== null);
  }
}
