import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

/** Who runs the server. PostgreSQL refuses root, so root lends it to somebody with fewer rights. */
export interface DatabaseUser {
  readonly name: string;
  /** Given to `spawn`; both undefined where the server runs as ourselves. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** Existing data stay with their owner; otherwise the first of these that the machine knows. */
const CANDIDATES = ['postgres', 'nobody'] as const;

export function databaseUserFor(clusterDir: string): DatabaseUser {
  if (process.getuid?.() !== 0) return { name: ownName(), uid: undefined, gid: undefined };
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of CANDIDATES) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new EmbeddedPostgresError(
    'no_unprivileged_user',
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The server's user reaches a folder only if every folder above it may be entered. */
export function canEnter(user: DatabaseUser, folder: string): boolean {
  if (user.uid === undefined) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

function idOf(option: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  const id = Number(stdout);
  return status === 0 && Number.isInteger(id) && id > 0 ? id : undefined;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
