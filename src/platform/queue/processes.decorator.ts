import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { AnyJob } from './define-job.js';

export const PROCESSES_JOB = 'dsim:processes-job';

/** Marks a provider as the one processor of a job. */
export function Processes(job: AnyJob): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(PROCESSES_JOB, job));
}
