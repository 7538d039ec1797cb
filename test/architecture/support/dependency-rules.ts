import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, inProject } from './repository.js';

export interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Rule {
  readonly name: string;
  readonly to: { readonly path?: string };
}

const CLI = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
export const CONFIG = inProject('.dependency-cruiser.cjs');

export function rules(): readonly Rule[] {
  return (createRequire(import.meta.url)(CONFIG) as { forbidden: readonly Rule[] }).forbidden;
}

/** Whether the order of modules forbids one to import another. */
export function forbidsImport(from: string, to: string): boolean {
  const rule = rules().find(({ name }) => name === `module-order-${from}`);
  return rule?.to.path !== undefined && new RegExp(rule.to.path).test(`src/modules/${to}/`);
}

/** Applies the committed rules to folders below `cwd`. */
export async function cruise(cwd: string, ...folders: readonly string[]): Promise<readonly Violation[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(PROJECT, CLI), ...folders, '--config', CONFIG, '--output-type', 'json', '--no-progress'],
    // The exit code tells of violations too; what counts is what is reported.
    { cwd, maxBuffer: 256 * 1024 * 1024 },
  ).catch((error: { stdout?: string; message: string; stderr?: string }) => {
    if (!error.stdout) throw new Error(error.stderr || error.message);
    return { stdout: error.stdout };
  });
  const report = JSON.parse(stdout) as { summary: { violations: readonly Violation[]; totalCruised: number } };
  if (report.summary.totalCruised === 0) throw new Error('nothing was looked at');
  return report.summary.violations;
}
