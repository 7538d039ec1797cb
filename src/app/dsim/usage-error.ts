/** The command was called in a way it does not know: one sentence with the cure, and exit code 2. */
export class UsageError extends Error {}
