import type { Terminal } from '../terminal/terminal.js';

const WIDTH = 30;

export interface Progress {
  /** @param done seconds simulated of `total` */
  update(done: number, total: number): void;
  /** Takes the line off the screen. */
  clear(): void;
}

/** A bar on standard error, on a person's screen only. */
export function createProgress(terminal: Terminal, shown: boolean, title: string, now: () => number): Progress {
  if (!shown || !terminal.live) return { update: () => undefined, clear: () => undefined };
  const started = now();
  let drawnAt = 0;
  return {
    update: (done, total) => {
      const time = now();
      if (time - drawnAt < 100 && done < total) return;
      drawnAt = time;
      terminal.err(`\r\x1b[K${progressLine(title, done, total, (time - started) / 1000)}`);
    },
    clear: () => terminal.err('\r\x1b[K'),
  };
}

/** `black-friday ████████░░░░ 42 %, 3,500 x real time, 6 s left` */
export function progressLine(title: string, done: number, total: number, elapsed: number): string {
  const share = total > 0 ? done / total : 1;
  const full = Math.round(share * WIDTH);
  const speed = elapsed > 0 ? done / elapsed : 0;
  const left = speed > 0 ? `, ${Math.ceil((total - done) / speed)} s left` : '';
  const faster = `${Math.round(speed).toLocaleString('en-US')} x real time`;
  return `${title} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)} %, ${faster}${left}`;
}
