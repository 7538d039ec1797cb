import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROJECT_DIR } from '../config/environment.js';
import { canEnter, databaseUserFor, type DatabaseUser } from './database-user.js';
import { EmbeddedPostgresError, folderError } from './embedded-postgres.errors.js';

const SYSTEM_FOLDER = '/var/lib/devops-simulator';
const MAX_LOG_BYTES = 10 * 1024 * 1024;

export interface DataFolder {
  /** What the operator knows as the data folder. */
  readonly dataDir: string;
  /** `<dataDir>/postgres`, without symbolic links. */
  readonly folder: string;
  readonly user: DatabaseUser;
}

/**
 * The folder for the server, writable by us and reachable by the user who runs it. As root in a private home nobody
 * else can enter, a folder below /var/lib takes its place, unless the operator insisted.
 */
export function openDataFolder(dataDir: string, chosen: boolean, report: (line: string) => void): DataFolder {
  const folder = makeFolder(dataDir);
  const user = databaseUserFor(join(folder, 'data'));
  if (canEnter(user, folder)) return { dataDir, folder, user };
  if (chosen) {
    throw new EmbeddedPostgresError(
      'folder_not_reachable',
      `PostgreSQL does not run as root but as ${user.name}, who may not enter ${dataDir}. ` +
        `Choose a folder outside a private home with DSIM_DATA_DIR, such as ${SYSTEM_FOLDER}, or start as an ordinary user.`,
    );
  }
  // One folder per installation: two clones must not meet in one database.
  const other = join(SYSTEM_FOLDER, createHash('sha256').update(PROJECT_DIR).digest('hex').slice(0, 8));
  report(
    `PostgreSQL runs as ${user.name}, who may not enter ${dataDir}: data are kept in ${other}. DSIM_DATA_DIR chooses another place.`,
  );
  for (const empty of [folder, dataDir]) rmdirIfEmpty(empty);
  const otherFolder = makeFolder(other);
  return { dataDir: other, folder: otherFolder, user: databaseUserFor(join(otherFolder, 'data')) };
}

function makeFolder(dataDir: string): string {
  const folder = join(dataDir, 'postgres');
  try {
    makeWithParents(folder);
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return realpathSync(folder);
  } catch (error) {
    throw folderError(dataDir, error);
  }
}

function rmdirIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody keeps something there: it stays.
  }
}

/** Level by level: `recursive` never returns where a parent exists but refuses children with ENOENT, as /proc does. */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  makeWithParents(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Keeps one older log beside the current one. */
export function rotateLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}
