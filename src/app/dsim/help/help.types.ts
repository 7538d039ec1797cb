export interface CommandHelp {
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly options: readonly (readonly [flag: string, text: string])[];
  /** What to type, and what it is good for. */
  readonly examples: readonly (readonly [command: string, text: string])[];
}
