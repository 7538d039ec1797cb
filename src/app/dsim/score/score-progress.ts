import type { Terminal } from '../terminal/terminal.js';
import { spell } from '../terminal/words.js';

/** Milliseconds between two lines where nobody's screen can redraw one. */
const PLAIN_EVERY = 30_000;

export interface ScoreProgress {
  /** @param share 0 to 1 */
  update(share: number): void;
  clear(): void;
}

/** How far long work is, on standard error: a line that is redrawn on a screen, a line now and then in a log. */
export function createScoreProgress(terminal: Terminal, shown: boolean, now: () => number): ScoreProgress {
  const started = now();
  let saidAt = started;
  const every = terminal.live ? 200 : PLAIN_EVERY;
  return {
    update: (share) => {
      const time = now();
      if (!shown || time - saidAt < every) return;
      saidAt = time;
      const elapsed = (time - started) / 1000;
      const left = share > 0.01 ? `, ${spell(Math.max(1, Math.ceil((elapsed * (1 - share)) / share)))} left` : '';
      const text = `scoring ${Math.floor(share * 100)} %${left}`;
      terminal.err(terminal.live ? `\r\x1b[K${text}` : `${text}\n`);
    },
    clear: () => shown && terminal.live && terminal.err('\r\x1b[K'),
  };
}
