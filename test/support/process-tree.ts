import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process, zombies left out. Linux only. */
export function listProcesses(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^\d+ \(.*\) /s, '')
          .split(' ');
        if (stat[0] === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(stat[1]), command }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/**
 * Processes of the product that runs on a data folder, with or without their parents: its own carry the folder in
 * their environment, those of the embedded database work inside it.
 */
export function processesOn(dataDir: string): RunningProcess[] {
  const variable = `\0DSIM_DATA_DIR=${dataDir}\0`;
  return listProcesses().filter(({ pid }) => {
    try {
      if (`\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(variable)) return true;
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      return folder === dataDir || folder.startsWith(dataDir + sep);
    } catch {
      return false;
    }
  });
}

/** The processes below one, itself left out. */
export function descendantsOf(pid: number): RunningProcess[] {
  const all = listProcesses();
  const below = (parent: number): RunningProcess[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}
