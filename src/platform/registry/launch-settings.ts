import { resolve } from 'node:path';
import type { ConfigurationIssue } from '../config/configuration-error.js';
import { didYouMean } from '../config/did-you-mean.js';
import { PROJECT_DIR, readVariable, type Environment } from '../config/environment.js';
import { PROFILES, ROLES, type Profile, type Role } from './module-definition.js';

/** What has to be known before the configuration can be read: these have no place in a YAML file. */
export interface LaunchSettings {
  readonly profile: Profile;
  readonly role: Role;
  /** Absolute. */
  readonly dataDir: string;
  /** False where nobody chose the folder, so that another may be taken when it will not do. */
  readonly dataDirChosen: boolean;
  /** Absolute. */
  readonly configDir: string;
  /** Stack traces in boot errors. */
  readonly debug: boolean;
  /** True in the worker that a process of role `all` forked. */
  readonly supervised: boolean;
}

export interface LaunchVariable {
  readonly name: string;
  readonly description: string;
  readonly defaultText: string;
}

/** Listed in docs/configuration.md. */
export const LAUNCH_VARIABLES: readonly LaunchVariable[] = [
  {
    name: 'DSIM_PROFILE',
    description: `One of ${PROFILES.join(', ')}.`,
    defaultText: '`NODE_ENV`, then `development`',
  },
  { name: 'DSIM_ROLE', description: `What this process runs: ${ROLES.join(', ')}.`, defaultText: '`all`' },
  {
    name: 'DSIM_DATA_DIR',
    description: 'Folder for what must survive a restart: the embedded database above all.',
    defaultText: '`.data` in the project folder',
  },
  {
    name: 'DSIM_CONFIG_DIR',
    description: 'Folder with `base.yaml` and one YAML file per profile.',
    defaultText: '`config` in the project folder',
  },
  { name: 'DSIM_DEBUG', description: 'Stack traces in errors at boot: true or false.', defaultText: '`false`' },
  {
    name: 'DSIM_SUPERVISED',
    description: 'Set by a process of role `all` for the worker it forks; never set it yourself.',
    defaultText: 'not set',
  },
];

/** Read by tests, CI and the page's build only; a server that inherits them must not stumble. */
const TOOL_VARIABLES = /^DSIM_(TEST_.*|REQUIRE_PEERS|API)$/;

export function readLaunchSettings(
  env: Environment,
  issues: ConfigurationIssue[],
  cwd = process.cwd(),
): LaunchSettings {
  const known = LAUNCH_VARIABLES.map(({ name }) => name);
  for (const name of Object.keys(env)) {
    if (!name.startsWith('DSIM_') || TOOL_VARIABLES.test(name) || known.includes(name)) continue;
    issues.push({
      key: name,
      source: 'environment',
      problem: `no setting has this name.${didYouMean(name, known)}`,
      cure: `Unset it or correct its name; known are ${known.join(', ')}.`,
    });
  }
  const dataDir = readVariable(env, 'DSIM_DATA_DIR');
  const configDir = readVariable(env, 'DSIM_CONFIG_DIR');
  return {
    profile: readProfile(env, issues),
    role: oneOf(env, 'DSIM_ROLE', ROLES, 'all', issues),
    dataDir: dataDir === undefined ? resolve(PROJECT_DIR, '.data') : resolve(cwd, dataDir),
    dataDirChosen: dataDir !== undefined,
    configDir: configDir === undefined ? resolve(PROJECT_DIR, 'config') : resolve(cwd, configDir),
    debug: oneOf(env, 'DSIM_DEBUG', ['true', 'false'], 'false', issues) === 'true',
    supervised: readVariable(env, 'DSIM_SUPERVISED') === 'true',
  };
}

function readProfile(env: Environment, issues: ConfigurationIssue[]): Profile {
  if (readVariable(env, 'DSIM_PROFILE') !== undefined)
    return oneOf(env, 'DSIM_PROFILE', PROFILES, 'development', issues);
  const nodeEnv = readVariable(env, 'NODE_ENV');
  return PROFILES.find((profile) => profile === nodeEnv) ?? 'development';
}

function oneOf<T extends string>(
  env: Environment,
  name: string,
  allowed: readonly T[],
  fallback: T,
  issues: ConfigurationIssue[],
): T {
  const given = readVariable(env, name);
  const match = allowed.find((value) => value === given);
  if (given !== undefined && match === undefined) {
    issues.push({
      key: name,
      source: 'environment',
      problem: `must be one of ${allowed.join(', ')}, got ${JSON.stringify(given)}.${didYouMean(given, allowed)}`,
      cure: `Set ${name} to one of these, or unset it for "${fallback}".`,
    });
  }
  return match ?? fallback;
}
