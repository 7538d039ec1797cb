import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { DatabaseUser } from './database-user.js';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** `18.4` */
  readonly version: string;
  readonly majorVersion: number;
}

interface NativePackage {
  readonly nativeDir: string;
  readonly packageVersion: string;
}

/**
 * The server's programs, from the package for this platform; from a copy below `folder` where the package's own
 * folder cannot be completed or cannot be reached by the server's user.
 */
export function findBinaries(folder: string, user: DatabaseUser): Binaries {
  const { nativeDir, packageVersion } = nativePackage();
  if (hydrate(nativeDir)) {
    const own = tryVersion(nativeDir, user);
    if (own.version !== undefined) return binariesIn(nativeDir, own.version);
  }
  const copy = join(folder, `programs-${packageVersion}`);
  if (!existsSync(copy)) copyPrograms(nativeDir, copy);
  const copied = tryVersion(copy, user);
  if (copied.version !== undefined) return binariesIn(copy, copied.version);
  throw new EmbeddedPostgresError(
    'does_not_run_here',
    `The embedded PostgreSQL does not run on this machine (${copied.problem}). Set DATABASE_URL to a PostgreSQL 14 or newer.`,
  );
}

function nativePackage(): NativePackage {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { nativeDir: join(root, 'native'), packageVersion: version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      'package_missing',
      `There is no embedded PostgreSQL for ${platform}-${process.arch} here (package ${name}). ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 14 or newer.',
      error,
    );
  }
}

/** npm packs no symbolic links, so the package lists them; its install script, which we do not run, would make them. */
function hydrate(nativeDir: string): boolean {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(nativeDir), target);
    if (isPresent(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(dirname(nativeDir), source)), link);
    } catch (error) {
      // EEXIST: another process of ours was faster. Anything else: a folder that is not ours to change.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Into a folder beside it first: a copy that was interrupted must not pass for a whole one. */
function copyPrograms(nativeDir: string, copy: string): void {
  const partial = join(`${copy}.partial`, 'native');
  rmSync(dirname(partial), { recursive: true, force: true });
  cpSync(nativeDir, partial, { recursive: true, verbatimSymlinks: true });
  hydrate(partial);
  renameSync(partial, copy);
  rmSync(dirname(partial), { recursive: true, force: true });
}

function tryVersion(nativeDir: string, user: DatabaseUser): { version?: string; problem: string } {
  const { status, stdout, stderr, error } = spawnSync(program(nativeDir, 'postgres'), ['--version'], {
    encoding: 'utf8',
    uid: user.uid,
    gid: user.gid,
    cwd: user.uid === undefined ? undefined : '/',
  });
  const version = /\(PostgreSQL\) (\d+\.\d+)/.exec(stdout ?? '')?.[1];
  if (status === 0 && version !== undefined) return { version, problem: '' };
  return { problem: error?.message ?? (stderr.trim().split('\n').at(-1) || `exit code ${status ?? 'unknown'}`) };
}

function binariesIn(nativeDir: string, version: string): Binaries {
  return {
    postgres: program(nativeDir, 'postgres'),
    initdb: program(nativeDir, 'initdb'),
    pgCtl: program(nativeDir, 'pg_ctl'),
    version,
    majorVersion: Number(version.split('.')[0]),
  };
}

function program(nativeDir: string, name: string): string {
  return join(nativeDir, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}
