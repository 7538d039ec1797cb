import { createStyle } from '../../../src/app/dsim/terminal/style.js';
import type { Terminal } from '../../../src/app/dsim/terminal/terminal.js';

/** A terminal that keeps what was written to it. */
export class RecordingTerminal implements Terminal {
  stdout = '';
  stderr = '';
  readonly style = createStyle(false);
  readonly columns = 100;
  readonly live: boolean;
  readonly liveColumns = (): number => 80;

  constructor({ live = false } = {}) {
    this.live = live;
  }

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }
}
