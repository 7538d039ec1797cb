import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../../..');

export const inProject = (...parts: readonly string[]): string => join(PROJECT, ...parts);

export const readText = (path: string): string => readFileSync(inProject(path), 'utf8');

/** Files that a clone would have once everything here is committed, relative to the project. */
export function repositoryFiles(): readonly string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(output.split('\0'))].filter((file) => file !== '' && existsSync(inProject(file))).toSorted();
}

/** Product code in TypeScript: no specs, nothing generated. */
export function sourceFiles(): readonly string[] {
  return repositoryFiles().filter(
    (file) =>
      /^(src|web\/src|migrations)\/.*\.tsx?$/.test(file) &&
      !/\.spec\.tsx?$/.test(file) &&
      !file.endsWith('/generated.ts'),
  );
}
