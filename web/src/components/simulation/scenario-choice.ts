import { ApiError, type Issue } from '../../api/problem';

/** What a simulation or a run is made of. */
export interface ScenarioChoice {
  /** Name in the library; empty: the text. */
  readonly name: string;
  readonly text: string;
  /** `path=value`, one a line. */
  readonly overrides: string;
}

export const FIRST_CHOICE: ScenarioChoice = { name: 'demo', text: '', overrides: '' };

export interface ScenarioBody {
  readonly scenario?: string;
  readonly text?: string;
  readonly overrides?: readonly { readonly path: string; readonly value: string }[];
}

/** As the API takes it. Throws where a line of the overrides is none. */
export function bodyOf({ name, text, overrides }: ScenarioChoice): ScenarioBody {
  const lines = overrides.split('\n').flatMap((line) => line.trim() || []);
  return {
    ...(name === '' ? { text } : { scenario: name }),
    ...(lines.length > 0 && { overrides: lines.map(overrideOf) }),
  };
}

function overrideOf(line: string): { path: string; value: string } {
  const at = line.indexOf('=');
  if (at < 1) throw new Error(`"${line}" is no setting: write path=value, as in services.cart.replicas=5`);
  return { path: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
}

/** Whether all of it stands below the text already, which is checked while it is written. */
export function isShownWithText({ name }: ScenarioChoice, error: Error | undefined): boolean {
  const issues = issuesOf(error);
  return name === '' && issues.length > 0 && issues.every(({ line }) => line !== undefined);
}

/** The mistakes that the server found in the scenario; none where something else went wrong. */
export function issuesOf(error: Error | undefined): readonly Issue[] {
  return error instanceof ApiError && error.problem.code === 'scenario.invalid' ? (error.problem.errors ?? []) : [];
}
