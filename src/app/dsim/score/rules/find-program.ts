import { execFileSync } from 'node:child_process';
import { UsageError } from '../../usage-error.js';

export type Program = 'promtool' | 'prometheus';

/** Debian puts servers where an ordinary user's PATH does not look. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin'];

/** @throws UsageError where it is not installed, with what to do */
export function findProgram(name: Program, path: string | undefined, more: readonly string[] = MORE_FOLDERS): string {
  const candidates = [...(path ?? '').split(':').filter((folder) => folder !== ''), ...more].map(
    (folder) => `${folder}/${name}`,
  );
  const found = candidates.find((candidate) => answers(candidate));
  if (found !== undefined) return found;
  throw new UsageError(
    `--rules evaluates alert rules with your own Prometheus, and there is no \`${name}\` on this machine. Install Prometheus (https://prometheus.io/download/, or \`apt install prometheus\`); promtool comes with it.`,
  );
}

function answers(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Rules are the user's: what promtool says of them is what helps.
 *
 * @throws UsageError where promtool finds mistakes, in its words, which name file, line and column
 */
export function checkRules(promtool: string, files: readonly string[]): void {
  try {
    execFileSync(promtool, ['check', 'rules', '--lint=none', ...files], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = `${stderr}\n${stdout}`
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^Checking|^\s*SUCCESS/.test(line));
    throw new UsageError(`promtool finds mistakes in the alert rules:\n${said.join('\n')}`);
  }
}
