/** The version of the language that this build reads and writes, the value of `dsim:`. */
export const LANGUAGE_VERSION = 1;

/** Why a value of `dsim:` cannot be read, with the cure; null: it can. */
export function versionProblem(value: unknown): string | null {
  if (value === LANGUAGE_VERSION) return null;
  if (value === undefined) return `is missing; a scenario starts with \`dsim: ${LANGUAGE_VERSION}\``;
  if (isNewer(value))
    return `this file is written in version ${value} of the language, and this build reads version ${LANGUAGE_VERSION}; update DevOps Simulator, or write \`dsim: ${LANGUAGE_VERSION}\` if the file uses nothing newer`;
  const quoted = value === String(LANGUAGE_VERSION) ? ', without quotes' : '';
  return `must be ${LANGUAGE_VERSION}, the version of the language${quoted}`;
}

/** A file of a later language: what else looks wrong in it may be right there. */
export function isNewer(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > LANGUAGE_VERSION;
}
