import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '../../../../kernel/errors.js';
import type * as evaluating from '../../../../modules/anomaly-detection/scorecards/rules/evaluate-rules.js';
import type * as programs from '../../../../modules/anomaly-detection/scorecards/rules/rule-programs.js';
import type * as blocks from '../../../../modules/anomaly-detection/scorecards/rules/sample-blocks.js';
import type * as folders from '../../../../modules/anomaly-detection/scorecards/rules/with-rule-folder.js';
import { processEnvironment } from '../../../../platform/config/environment.js';
import { UsageError, withFile } from '../../usage-error.js';

export type RulePlan = evaluating.RulePlan;
export type ActiveAlerts = evaluating.ActiveAlerts;

/** How rules are evaluated: the same as in the service, loaded where somebody asks for it. */
export type RuleTools = typeof evaluating & typeof blocks & typeof folders;

export interface RulesToScore {
  readonly programs: programs.RulePrograms;
  /** @param stepMs milliseconds between two scrapes of the telemetry */
  readonly planFor: (stepMs: number) => RulePlan;
  readonly tools: RuleTools;
}

/** @throws UsageError where Prometheus is not installed, or a file cannot be read or has mistakes */
export function openRules(files: readonly string[]): Promise<RulesToScore> {
  return asUsage(async () => {
    const texts = files.map((file) => withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8')));
    const { readRuleFile } = await import('../../../../modules/anomaly-detection/scorecards/rules/rule-file.js');
    const { checkRules, findPrograms } =
      await import('../../../../modules/anomaly-detection/scorecards/rules/rule-programs.js');
    const tools: RuleTools = {
      ...(await import('../../../../modules/anomaly-detection/scorecards/rules/evaluate-rules.js')),
      ...(await import('../../../../modules/anomaly-detection/scorecards/rules/sample-blocks.js')),
      ...(await import('../../../../modules/anomaly-detection/scorecards/rules/with-rule-folder.js')),
    };
    const found = findPrograms(processEnvironment()['PATH']);
    for (const file of files) await checkRules(found.promtool, file);
    const planFor = (stepMs: number) =>
      tools.planRules(files.map((file, i) => readRuleFile(basename(file), texts[i]!, stepMs)));
    // What is wrong with them does not depend on the step.
    planFor(1000);
    return { programs: found, planFor, tools };
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
