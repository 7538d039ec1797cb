import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import type { DatabaseUser } from './database-user.js';
import { EmbeddedPostgresError, diskFull } from './embedded-postgres.errors.js';

export const DATABASE_NAME = 'dsim';
export const DATABASE_ROLE = 'dsim';

/** A clean environment: `PG*` variables and locales of the operator must not change what we create. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };

export interface Cluster {
  readonly dir: string;
  readonly password: string;
}

/** Finds the cluster in `folder`, or makes it: with a random password, and a database of our own. */
export async function openCluster(
  folder: string,
  binaries: Binaries,
  user: DatabaseUser,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Cluster> {
  const dir = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  if (existsSync(join(dir, 'PG_VERSION'))) {
    checkVersion(dir, binaries);
    return { dir, password: readPassword(passwordFile) };
  }
  report(`Creating the database in ${folder} (first start only).`);
  const password = randomBytes(24).toString('base64url');
  await initialise(dir, password, binaries, user, signal);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  renameSync(`${dir}.new`, dir);
  return { dir, password };
}

function checkVersion(dir: string, { version, majorVersion }: Binaries): void {
  const found = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim();
  if (found === String(majorVersion)) return;
  throw new EmbeddedPostgresError(
    'other_major_version',
    `The data in ${dir} were written by PostgreSQL ${found}, and this release embeds ${version}. ` +
      `Start the release that wrote them, dump and restore with pg_dump, or begin afresh in another DSIM_DATA_DIR.`,
  );
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new EmbeddedPostgresError(
      'password_missing',
      `The file ${file} with the database password is gone. Restore it from a backup, or begin afresh in another DSIM_DATA_DIR.`,
    );
  }
}

/** Into `<dir>.new`: a first start that was interrupted leaves nothing that looks finished. */
async function initialise(
  dir: string,
  password: string,
  binaries: Binaries,
  user: DatabaseUser,
  signal: AbortSignal,
): Promise<void> {
  const target = `${dir}.new`;
  const passwordFile = `${dir}.password`;
  rmSync(target, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(target, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [target, passwordFile]) {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  }
  chmodSync(target, 0o700);
  const run = (program: string, args: readonly string[], input: string): Promise<void> =>
    runProgram({ program, args, input, dir: target, user, signal });
  try {
    await run(
      binaries.initdb,
      ['-D', target, '-U', DATABASE_ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'].concat(
        ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
      ),
      '',
    );
    await run(binaries.postgres, ['--single', '-D', target, 'postgres'], `CREATE DATABASE ${DATABASE_NAME};\n`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function runProgram({
  program,
  args,
  input,
  dir,
  user,
  signal,
}: {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly dir: string;
  readonly user: DatabaseUser;
  readonly signal: AbortSignal;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    // Its own process group: Ctrl-C in the terminal is for us, and we stop it when we stop.
    const child = spawn(program, [...args], {
      uid: user.uid,
      gid: user.gid,
      cwd: dir,
      signal,
      env: SERVER_ENVIRONMENT,
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => reject(startFailure(error, user)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(explainFailure(output, dir, user))));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

export function startFailure(error: NodeJS.ErrnoException, user: DatabaseUser): EmbeddedPostgresError {
  const hint =
    error.code === 'EPERM' ? `Root may not become ${user.name} here; start as an ordinary user` : 'Run `npm ci` again';
  return new EmbeddedPostgresError(
    'cannot_run',
    `PostgreSQL cannot be run (${error.message}). ${hint}, or set DATABASE_URL.`,
    error,
  );
}

/** The one line of the server's output that says why, with the cure where we know it. */
export function explainFailure(output: string, dir: string, user: DatabaseUser): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(dir);
  if (/could not look up effective user|user does not exist/i.test(output)) {
    return new EmbeddedPostgresError(
      'user_without_name',
      `PostgreSQL needs a user with a name, and ${user.name} has none in /etc/passwd. Run as a named user, or set DATABASE_URL.`,
    );
  }
  if (/shared memory/i.test(output) && /Cannot allocate|No space|exceed/i.test(output)) {
    return new EmbeddedPostgresError(
      'too_little_memory',
      'There is too little memory for PostgreSQL. Lower EMBEDDED_POSTGRES_SHARED_BUFFERS_MB (128), or free some.',
    );
  }
  if (/wrong ownership|Permission denied|invalid permissions/i.test(output)) {
    return new EmbeddedPostgresError(
      'folder_of_another_user',
      `${user.name} may not use ${dir}. Start as the user who created it, give it away with chown -R, or choose another DSIM_DATA_DIR.`,
    );
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const reason = lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1) ?? 'no message';
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL did not start: ${reason.replace(/^.*?(FATAL|PANIC|error):\s*/i, '')}. Its log is in ${dir}/../postgres.log.`,
  );
}
