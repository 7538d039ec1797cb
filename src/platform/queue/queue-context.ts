/** The part of the module context that the queue needs. */
export interface QueueContext {
  readonly works: boolean;
}

export const QUEUE_CONTEXT = Symbol('queue context');
