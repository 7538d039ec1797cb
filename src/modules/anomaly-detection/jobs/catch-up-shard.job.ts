import { defineJob } from '../../../platform/queue/define-job.js';
import { scoreShard } from './score-shard.job.js';

/**
 * The next part of a shard's backlog. A part at a time, at the end of the queue: shards and environments take turns,
 * and none waits for another's whole backlog.
 */
export const catchUpShard = defineJob({
  ...scoreShard,
  name: 'catch-up-shard',
  key: ({ environmentId, shard }) => `${environmentId}.${shard}`,
  // It asks for itself again while it runs.
  rerunIfActive: true,
});
