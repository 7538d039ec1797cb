import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { IncidentGrouping } from '../grouping/incident-grouping.service.js';
import { groupAnomalies } from './group-anomalies.job.js';

/** While anomalies come in numbers, how long they are collected: an incident changes about once a second then. */
const COLLECT_MS = 1_000;

@Processes(groupAnomalies)
export class GroupAnomaliesProcessor implements JobProcessor<typeof groupAnomalies> {
  constructor(private readonly grouping: IncidentGrouping) {}

  /** The first anomaly is grouped at once; what arrives meanwhile makes the job run again after the pause. */
  async process(
    { environmentId }: PayloadOf<typeof groupAnomalies>,
    { signal }: Pick<JobContext, 'signal'>,
  ): Promise<void> {
    const grouped = await this.grouping.group(environmentId, signal);
    if (grouped > 1) await sleep(COLLECT_MS, undefined, { signal }).catch(() => undefined);
  }
}
