import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether somebody with no rights of his own can run the built product: every folder above it must let him pass. */
export function mayRead(uid: number): boolean {
  let path = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  for (;;) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || (found.uid !== uid && (found.mode & 0o005) !== (found.isDirectory() ? 0o005 : 0o004))) return false;
    if (path === dirname(path)) return true;
    path = dirname(path);
  }
}
