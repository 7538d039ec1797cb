import { DomainError } from '../../kernel/errors.js';

export interface ConfigurationIssue {
  /** `http.port`, `FEATURE_LIVE`. */
  readonly key: string;
  /** Where the bad value came from: `HTTP_PORT`, `config/base.yaml:12`, `not set`. */
  readonly source: string;
  readonly problem: string;
  readonly cure: string;
}

/** Carries every problem that was found, so that a user fixes all of them in one go. */
export class ConfigurationError extends DomainError {
  constructor(readonly configurationIssues: readonly ConfigurationIssue[]) {
    super({
      code: 'config.invalid',
      kind: 'invalid',
      message: formatIssues(configurationIssues),
      issues: configurationIssues.map(({ key, problem, cure }) => ({ path: key, message: `${problem} ${cure}` })),
    });
  }
}

export function formatIssues(issues: readonly ConfigurationIssue[]): string {
  const heading = issues.length === 1 ? 'One setting is wrong' : `${issues.length} settings are wrong`;
  const lines = issues.map(({ key, source, problem, cure }) => `  ${key} (${source}): ${problem}\n    ${cure}`);
  return `${heading}:\n${lines.join('\n')}`;
}
