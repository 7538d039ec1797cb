import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

export const inProject = (...parts) => join(PROJECT_DIR, ...parts);

/** A failure that the user can cure: one sentence, no stack. */
export class LaunchError extends Error {}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a launch script; failures become a sentence and exit code 1. */
export async function launch(main) {
  try {
    await main();
  } catch (error) {
    say(error instanceof LaunchError ? error.message : `DevOps Simulator could not start: ${error?.stack ?? error}`);
    process.exit(1);
  }
}

/** One hash over the contents of files and folders: what was built from other contents is out of date. */
export function fingerprint(paths, accept = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(inProject(path)).filter(accept)) {
      hash
        .update(`${relative(PROJECT_DIR, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 32);
}

export function filesBelow(path) {
  if (!existsSync(path)) return [];
  const entries = (() => {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') return undefined;
      throw error;
    }
  })();
  if (entries === undefined) return [path];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value)}\n`);
}
