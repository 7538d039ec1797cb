import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '../../../../kernel/errors.js';
import { planRules, type RulePlan } from '../../../../modules/anomaly-detection/scorecards/rules/evaluate-rules.js';
import { readRuleFile } from '../../../../modules/anomaly-detection/scorecards/rules/rule-file.js';
import {
  checkRules,
  findPrograms,
  type RulePrograms,
} from '../../../../modules/anomaly-detection/scorecards/rules/rule-programs.js';
import { processEnvironment } from '../../../../platform/config/environment.js';
import { UsageError, withFile } from '../../usage-error.js';

export interface RulesToScore {
  readonly programs: RulePrograms;
  /** @param stepMs milliseconds between two scrapes of the telemetry */
  readonly planFor: (stepMs: number) => RulePlan;
}

/** @throws UsageError where Prometheus is not installed, or a file cannot be read or has mistakes */
export function openRules(files: readonly string[]): Promise<RulesToScore> {
  return asUsage(async () => {
    const texts = files.map((file) => withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8')));
    const programs = findPrograms(processEnvironment()['PATH']);
    for (const file of files) await checkRules(programs.promtool, file);
    const planFor = (stepMs: number) =>
      planRules(files.map((file, i) => readRuleFile(basename(file), texts[i]!, stepMs)));
    // What is wrong with them does not depend on the step.
    planFor(1000);
    return { programs, planFor };
  });
}

/** What is wrong with rules, or with the Prometheus that evaluates them, is the caller's to mend. */
export async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw new UsageError(error.message);
    throw error;
  }
}
