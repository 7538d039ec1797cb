import { AsyncLocalStorage } from 'node:async_hooks';

/** Who a log line belongs to. Set per request by `platform/http`, per job by `platform/queue`. */
export interface RequestContext {
  readonly requestId: string;
  /** 32 hex digits of the W3C trace the caller is in; undefined when it sent none. */
  readonly traceId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequestContext(): RequestContext | undefined {
  return storage.getStore();
}

export function runWithRequestContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
