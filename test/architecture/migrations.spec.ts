import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject, readText } from './support/repository.js';

interface Migration {
  readonly file: string;
  readonly timestamp: number;
  readonly text: string;
  readonly classes: readonly string[];
}

const MIGRATIONS: readonly Migration[] = readdirSync(inProject('migrations'))
  .filter((name) => name.endsWith('.ts'))
  .toSorted()
  .map((file) => {
    const text = readText(`migrations/${file}`);
    return {
      file,
      timestamp: Number(file.split('-')[0]),
      text,
      classes: [...text.matchAll(/export class (\w+) implements MigrationInterface/g)].map(([, name]) => name!),
    };
  });

describe('migrations', () => {
  it('there are some', () => {
    expect(MIGRATIONS.length).toBeGreaterThan(5);
  });

  it.each(MIGRATIONS)(
    '$file is one class that TypeORM runs in the order of the file',
    ({ file, timestamp, classes, text }) => {
      expect(file).toMatch(/^\d{13}-[a-z0-9-]+\.ts$/);
      expect(classes).toHaveLength(1);
      // TypeORM reads the timestamp from the end of the class's name, not from the file's.
      expect(classes[0]).toMatch(new RegExp(`^[A-Z][A-Za-z]*${timestamp}$`));
      expect(text).toMatch(/\bname = |async up\(/);
      expect(text).toContain('async up(');
      expect(text).toContain('async down(');
    },
  );

  it('have each a time of their own, not ahead of the year to come', () => {
    const timestamps = MIGRATIONS.map(({ timestamp }) => timestamp);

    expect(new Set(timestamps).size).toBe(timestamps.length);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
    for (const timestamp of timestamps) expect(timestamp).toBeGreaterThan(Date.UTC(2026, 0));
  });

  it('have class names that differ', () => {
    const names = MIGRATIONS.flatMap(({ classes }) => classes);

    expect(new Set(names).size).toBe(names.length);
  });

  it.each(MIGRATIONS)('$file stands by itself: entities change, it must not', ({ text }) => {
    const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from);

    expect(imports.filter((from) => from !== 'typeorm')).toEqual([]);
  });

  it.each(MIGRATIONS)('$file makes tables with text and timestamptz', ({ text }) => {
    expect(text).not.toMatch(/\bvarchar\b|character varying|\btimestamp\b(?! with time zone)(?!\w)(?=[ ,)])/i);
  });
});
