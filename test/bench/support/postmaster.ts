import { listProcesses } from '../../support/process-tree.js';

/** Process id of the test server that listens on a port. */
export function postmasterOn(port: number): number {
  const found = listProcesses().find(({ command }) => command.includes(`port=${port} `));
  if (!found) throw new Error(`no PostgreSQL listens on ${port}`);
  return found.pid;
}
