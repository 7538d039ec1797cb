import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { InvalidRulesError, RuleProgramMissingError } from './rules.errors.js';

const execute = promisify(execFile);

/** The user's own Prometheus: it evaluates expressions, its tool makes blocks of samples. */
export interface RulePrograms {
  readonly promtool: string;
  readonly prometheus: string;
}

/** Debian puts servers where an ordinary user's PATH does not look. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin'];

/**
 * @param path of the process
 * @throws RuleProgramMissingError where one is not installed, with what to do
 */
export function findPrograms(path: string | undefined, more: readonly string[] = MORE_FOLDERS): RulePrograms {
  return { promtool: findProgram('promtool', path, more), prometheus: findProgram('prometheus', path, more) };
}

function findProgram(name: keyof RulePrograms, path: string | undefined, more: readonly string[]): string {
  const folders = [...(path ?? '').split(':').filter((folder) => folder !== ''), ...more];
  const found = folders.map((folder) => `${folder}/${name}`).find(isProgram);
  if (found !== undefined) return found;
  throw new RuleProgramMissingError(
    `--rules evaluates alert rules with your own Prometheus, and there is no \`${name}\` on this machine. Install Prometheus (https://prometheus.io/download/, or \`apt install prometheus\`); promtool comes with it.`,
  );
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Rules are the user's: what promtool says of them is what helps.
 *
 * @param named how to call a file in messages; default: its path
 * @throws InvalidRulesError where promtool finds mistakes, in its words, which name file, line and column
 */
export async function checkRules(promtool: string, file: string, named = file): Promise<void> {
  try {
    await execute(promtool, ['check', 'rules', '--lint=none', file], { timeout: 60_000, env: {} });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = `${stderr}\n${stdout}`
      .replaceAll(file, named)
      .replaceAll(`${dirname(file)}/`, '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^Checking|^\s*SUCCESS|^\s*FAILED:?$/.test(line));
    throw new InvalidRulesError(
      basename(named),
      `promtool finds mistakes in the alert rules:\n${said.join('\n') || String(error)}`,
    );
  }
}
