import type { Terminal } from '../terminal/terminal.js';
import { spell } from '../terminal/words.js';

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

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
      // A line as wide as the screen would make some of them go on to the next.
      const line = progressLine(title, done, total, (time - started) / 1000, terminal.liveColumns() - 1);
      terminal.err(`\r\x1b[K${line}`);
    },
    clear: () => terminal.err('\r\x1b[K'),
  };
}

/** `black-friday ████████░░░░ 42 %, 3,500 x real time, 6 s left`, or less of it, to fit into `width`. */
export function progressLine(title: string, done: number, total: number, elapsed: number, width: number): string {
  const share = total > 0 ? done / total : 1;
  const speed = elapsed > 0 ? done / elapsed : 0;
  const percent = `${Math.floor(share * 100)} %`;
  const left = speed > 0 ? `, ${spell(Math.max(1, Math.ceil((total - done) / speed)))} left` : '';
  const faster = `, ${Math.round(speed).toLocaleString('en-US')} x real time`;
  const tries: readonly (readonly [string, string])[] = [
    [`${title} `, `${percent}${faster}${left}`],
    [`${title} `, `${percent}${left}`],
    ['', `${percent}${left}`],
    ['', percent],
  ];
  for (const [before, after] of tries) {
    const room = Math.min(WIDEST_BAR, width - before.length - after.length - 1);
    if (room < NARROWEST_BAR) continue;
    const full = Math.round(share * room);
    return `${before}${'█'.repeat(full)}${'░'.repeat(room - full)} ${after}`;
  }
  return percent;
}
