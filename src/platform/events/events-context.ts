/** The part of the module context that the events need. */
export interface EventsContext {
  readonly works: boolean;
}

export const EVENTS_CONTEXT = Symbol('events context');
