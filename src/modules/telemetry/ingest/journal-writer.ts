import { Injectable } from '@nestjs/common';
import { explainWriteError, violatesEnvironmentKey } from '../storage/environment-gone.js';
import { JournalRepository, type JournalRow } from '../storage/journal.repository.js';

const MOST_AT_ONCE = 2;
const MOST_ROWS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

interface Waiting {
  readonly row: JournalRow;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Group commit: while two inserts are under way, the requests that arrive gather, and go together in the next one.
 * A lone request waits for nobody.
 */
@Injectable()
export class JournalWriter {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(private readonly journal: JournalRepository) {}

  /** Resolves once the row is durable. */
  append(row: JournalRow): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      this.startNext();
    });
  }

  private startNext(): void {
    while (this.running < MOST_AT_ONCE && this.waiting.length > 0) {
      this.running++;
      void this.insert(this.takeGroup()).finally(() => {
        this.running--;
        this.startNext();
      });
    }
  }

  private takeGroup(): Waiting[] {
    let bytes = 0;
    let rows = 0;
    while (rows < this.waiting.length && rows < MOST_ROWS && (rows === 0 || bytes < MOST_BYTES)) {
      bytes += this.waiting[rows++]!.row.payload.length;
    }
    return this.waiting.splice(0, rows);
  }

  private async insert(group: readonly Waiting[]): Promise<void> {
    try {
      await this.journal.insert(group.map(({ row }) => row));
      for (const { resolve } of group) resolve();
    } catch (error) {
      // One environment was deleted meanwhile; the requests of the others must not suffer for it.
      if (group.length > 1 && violatesEnvironmentKey(error)) {
        await Promise.all(group.map((one) => this.insert([one])));
      } else {
        for (const { row, reject } of group) reject(explainWriteError(error, row.environmentId));
      }
    }
  }
}
