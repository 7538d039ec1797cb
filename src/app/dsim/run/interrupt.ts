/** Set by the first Ctrl-C (or SIGTERM): the run ends after its current step. The second one ends the process. */
export interface Interrupt {
  readonly requested: boolean;
  release(): void;
}

export function listenForInterrupt(): Interrupt {
  const state = { requested: false };
  const listen = (): void => {
    if (state.requested) process.exit(130);
    state.requested = true;
  };
  process.on('SIGINT', listen).on('SIGTERM', listen);
  return {
    get requested() {
      return state.requested;
    },
    release: () => void process.off('SIGINT', listen).off('SIGTERM', listen),
  };
}
