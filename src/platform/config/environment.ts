import { fileURLToPath } from 'node:url';

/** Environment variables as the process got them. Passed as an argument, so that tests own it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The one place that touches `process.env`; an import rule keeps it so. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/** The folder that holds `package.json`; the same from `src/` and from `dist/`. */
export const PROJECT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/** Compose files and charts pass empty strings for "not set", so an empty variable counts as absent. */
export function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}
