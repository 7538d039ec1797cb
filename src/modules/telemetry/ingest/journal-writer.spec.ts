import { describe, expect, it } from 'vitest';
import type { JournalRepository, JournalRow } from '../storage/journal.repository.js';
import { JournalWriter } from './journal-writer.js';

function row(environmentId: string, bytes = 10): JournalRow {
  return { environmentId, environmentKey: 1, minTime: 0, maxTime: 1, samples: 1, payload: Buffer.alloc(bytes) };
}

/** Holds every insert until the test lets it go. */
class HeldJournal {
  readonly inserts: { rows: readonly JournalRow[]; finish: (error?: Error) => void }[] = [];

  insert(rows: readonly JournalRow[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.inserts.push({ rows, finish: (error) => (error ? reject(error) : resolve()) });
    });
  }
}

function make() {
  const journal = new HeldJournal();
  return { journal, writer: new JournalWriter(journal as unknown as JournalRepository) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('JournalWriter', () => {
  it('writes a lone request at once, and gathers what arrives while two inserts run', async () => {
    const { journal, writer } = make();
    const done: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) void writer.append(row(name)).then(() => done.push(name));
    expect(journal.inserts.map(({ rows }) => rows.map((one) => one.environmentId))).toEqual([['a'], ['b']]);
    journal.inserts[1]!.finish();
    await settle();
    expect(done).toEqual(['b']);
    expect(journal.inserts[2]!.rows.map((one) => one.environmentId)).toEqual(['c', 'd', 'e']);
    journal.inserts[2]!.finish();
    journal.inserts[0]!.finish();
    await settle();
    expect(done).toEqual(['b', 'c', 'd', 'e', 'a']);
  });

  it('bounds a group by bytes', async () => {
    const { journal, writer } = make();
    for (let i = 0; i < 6; i++) void writer.append(row(`${i}`, 3 * 1024 * 1024));
    journal.inserts[0]!.finish();
    await settle();
    expect(journal.inserts[2]!.rows).toHaveLength(2);
  });

  it('tells every request of a group that it failed, and goes on', async () => {
    const { journal, writer } = make();
    const outcomes = ['a', 'b', 'c', 'd'].map((name) =>
      writer.append(row(name)).then(
        () => 'stored',
        (error: Error) => error.message,
      ),
    );
    journal.inserts[0]!.finish();
    await settle();
    journal.inserts[2]!.finish(new Error('away'));
    journal.inserts[1]!.finish();
    expect(await Promise.all(outcomes)).toEqual(['stored', 'stored', 'away', 'away']);
    void writer.append(row('e'));
    expect(journal.inserts).toHaveLength(4);
  });

  it('does not let a deleted environment spoil the requests of others', async () => {
    const { journal, writer } = make();
    const outcomes = ['a', 'b', 'gone', 'd'].map((name) =>
      writer.append(row(name)).then(
        () => 'stored',
        (error: Error) => error.message,
      ),
    );
    journal.inserts[0]!.finish();
    await settle();
    journal.inserts[2]!.finish(Object.assign(new Error('no such environment'), { code: '23503' }));
    await settle();
    expect(journal.inserts.slice(3).map(({ rows }) => rows.map((one) => one.environmentId))).toEqual([['gone'], ['d']]);
    journal.inserts[1]!.finish();
    journal.inserts[3]!.finish(Object.assign(new Error('no such environment'), { code: '23503' }));
    journal.inserts[4]!.finish();
    expect(await Promise.all(outcomes)).toEqual([
      'stored',
      'stored',
      expect.stringContaining('There is no environment gone'),
      'stored',
    ]);
  });
});
