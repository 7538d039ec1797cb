/** What `dsim` answers with. */
export const EXIT = {
  ok: 0,
  /** An expectation failed, or could not be judged. */
  expectation: 1,
  /** Nothing can be said: bad usage, an invalid scenario, a file that cannot be read or written. */
  usage: 2,
  /** A mistake in dsim itself (EX_SOFTWARE of sysexits.h): never to be taken for a verdict. */
  internal: 70,
} as const;

/** As shells have it: 128 and the number of the signal. Ctrl-C is SIGINT. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type EndingSignal = keyof typeof SIGNAL_EXIT;
