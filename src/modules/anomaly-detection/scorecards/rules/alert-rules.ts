import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/errors.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { planRules, type RulePlan } from './evaluate-rules.js';
import { readRuleFile } from './rule-file.js';
import { checkRules, isProgram, type RulePrograms } from './rule-programs.js';
import { InvalidRulesError, RuleProgramMissingError } from './rules.errors.js';
import { withRuleFolder } from './with-rule-folder.js';

const SETTINGS = {
  promtool: 'anomalyDetection.scoreCards.promtool (ANOMALY_DETECTION_SCORE_CARDS_PROMTOOL)',
  prometheus: 'anomalyDetection.scoreCards.prometheus (ANOMALY_DETECTION_SCORE_CARDS_PROMETHEUS)',
} as const;

/** Alert rules on score cards: whether they can be evaluated here, and whether they are right. */
@Injectable()
export class AlertRules {
  constructor(@InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig) {}

  /** @throws RuleProgramMissingError with what to configure */
  programs(): RulePrograms {
    return { promtool: this.program('promtool'), prometheus: this.program('prometheus') };
  }

  /** Null: rules can be evaluated; else why not. */
  unavailable(): string | null {
    try {
      this.programs();
      return null;
    } catch (error) {
      if (error instanceof RuleProgramMissingError) return error.message;
      throw error;
    }
  }

  /** @throws InvalidRulesError where promtool finds mistakes, or the rules cannot be known of telemetry, at that path */
  async check(name: string, text: string, path: string): Promise<void> {
    const { promtool } = this.programs();
    try {
      await withRuleFolder(async (folder) => {
        const file = join(folder, 'rules.yml');
        writeFileSync(file, text);
        await checkRules(promtool, file, name);
      });
      this.plan(name, text, 1000);
    } catch (error) {
      if (error instanceof DomainError) throw new InvalidRulesError(name, error.message, path);
      throw error;
    }
  }

  plan(name: string, text: string, stepMs: number): RulePlan {
    return planRules([readRuleFile(name, text, stepMs)]);
  }

  private program(name: keyof typeof SETTINGS): string {
    const path = this.config.scoreCards[name];
    if (path === undefined) {
      throw new RuleProgramMissingError(
        `Alert rules are evaluated by your own Prometheus. Install prometheus and promtool where the service runs, and set ${SETTINGS.promtool} and ${SETTINGS.prometheus} to their paths.`,
      );
    }
    if (isProgram(path)) return path;
    throw new RuleProgramMissingError(`${SETTINGS[name]} is ${path}, and there is no program.`);
  }
}
