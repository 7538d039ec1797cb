import { DomainError, type FieldIssue } from '../../kernel/errors.js';

/** Where something stands. `line` and `column` count from 1; 0 where there is no text (an override, the API). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake: where it is in the file, `path` in the scenario, `message` with the cure. */
export interface ScenarioIssue extends FieldIssue, Place {}

/** More issues than this are not listed: one broken indentation can make thousands. */
export const MOST_ISSUES = 100;

/** A scenario that cannot run. The message lists every mistake as a compiler does, one a line. */
export class InvalidScenarioError extends DomainError {
  declare readonly issues: readonly ScenarioIssue[];

  constructor(found: readonly ScenarioIssue[]) {
    const issues = found.slice(0, MOST_ISSUES);
    const more = found.length - issues.length;
    const lines = issues.map(printIssue);
    if (more > 0) lines.push(`and ${more} more`);
    super({ code: 'scenario.invalid', kind: 'invalid', message: lines.join('\n'), issues });
  }
}

/** `shop.yaml:12:7: services.cart.replicas: must be at least 1` */
export function printIssue({ file, line, column, path, message }: ScenarioIssue): string {
  return [line > 0 ? `${file}:${line}:${column}` : file, path, message].filter((part) => part !== '').join(': ');
}
