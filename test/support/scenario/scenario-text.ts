import { parseScenario } from '../../../src/engine/scenario/parse-scenario.js';
import { InvalidScenarioError, type ScenarioIssue } from '../../../src/engine/scenario/scenario.errors.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';

/** Overrides as `--set` takes them. */
export type Overrides = Readonly<Record<string, string>>;

export interface Given {
  /** Files beside the scenario, by the path that the parser asks for. */
  readonly files?: Readonly<Record<string, string>>;
  readonly set?: Overrides;
  readonly file?: string;
}

export function parseText(text: string, { files = {}, set = {}, file = 'shop.yaml' }: Given = {}): Scenario {
  return parseScenario(text, {
    file,
    read: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error(`no such file: ${path}`);
      return content;
    },
    overrides: Object.entries(set).map(([path, value]) => ({ path, value })),
  });
}

/** Lines as the command prints them; empty where the scenario is valid. */
export function complaints(text: string, given: Given = {}): readonly string[] {
  const issues = issuesOf(() => parseText(text, given));
  return issues.map(({ file, line, column, path, message }) =>
    [line > 0 ? `${file}:${line}:${column}` : file, path, message].filter((part) => part !== '').join(': '),
  );
}

export function issuesOf(parse: () => unknown): readonly ScenarioIssue[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof InvalidScenarioError) return error.issues;
    throw error;
  }
  return [];
}

/** Two services, a database, a cache and a queue, and users; extended by what follows it. */
export const SMALL = `dsim: 1
services:
  web:
    work: 5ms
    calls: [api.read]
  api:
    operations:
      read: { work: 5ms, calls: [{ call: cache, onMiss: [db.read] }] }
      order: { work: 10ms, calls: [db.write, jobs] }
  worker: { work: 20ms, consumes: jobs }
stores:
  db: { kind: database }
  cache: { kind: cache }
  jobs: { kind: queue }
load:
  users: { to: web, rate: 10 }
  buyers: { to: api.order, rate: 1 }
`;

export const small = (more: string): string => `${SMALL}${more}`;
