import { SIGNAL_EXIT, type EndingSignal } from '../exit-code.js';

/** Set by the first Ctrl-C (or SIGTERM, or SIGHUP): the run ends after its current step. The second ends the process. */
export interface Interrupt {
  readonly signal: EndingSignal | null;
  release(): void;
}

/**
 * Milliseconds in which a second signal is the first one's echo: npm and process managers send theirs to a child that
 * has had the terminal's already.
 */
const ECHO = 500;

/**
 * @param abandon called before a second signal ends the process
 * @param now milliseconds
 */
export function listenForInterrupt(abandon: () => void, now: () => number): Interrupt {
  const state: { signal: EndingSignal | null; at: number } = { signal: null, at: 0 };
  const listen = (signal: EndingSignal): void => {
    if (state.signal === null) {
      state.signal = signal;
      state.at = now();
      return;
    }
    if (now() - state.at < ECHO) return;
    abandon();
    process.exit(SIGNAL_EXIT[signal]);
  };
  const signals = Object.keys(SIGNAL_EXIT) as EndingSignal[];
  for (const signal of signals) process.on(signal, listen);
  return {
    get signal() {
      return state.signal;
    },
    release: () => signals.forEach((signal) => process.off(signal, listen)),
  };
}
