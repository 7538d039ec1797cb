export const EXIT = {
  ok: 0,
  /** An expectation failed, or could not be judged. */
  expectation: 1,
  /** Bad usage, an invalid scenario, an output folder that cannot be written. */
  usage: 2,
  interrupted: 130,
} as const;
