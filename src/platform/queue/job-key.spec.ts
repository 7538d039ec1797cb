import { describe, expect, it } from 'vitest';
import { jobIdOf } from './job-key.js';

describe('jobIdOf', () => {
  it('is the same for the same key, and another for another', () => {
    expect(jobIdOf('score-shard', 'a:b')).toBe(jobIdOf('score-shard', 'a:b'));
    expect(jobIdOf('score-shard', 'a:b')).not.toBe(jobIdOf('score-shard', 'a:c'));
    expect(jobIdOf('score-shard', 'a')).not.toBe(jobIdOf('pack-journal', 'a'));
  });

  it('keeps short plain keys readable', () => {
    expect(jobIdOf('score-shard', 'env-1/12')).toBe('score-shard.env-1/12');
  });

  it.each(['', 'a:b', 'ä', 'x'.repeat(5_000), '0', 'a b', '\0'])('gives an id that BullMQ takes for %j', (key) => {
    const id = jobIdOf('score-shard', key);
    expect(id).toMatch(/^[\w.@/+=~-]+$/);
    expect(id.length).toBeLessThan(160);
    expect(Number.isNaN(Number(id))).toBe(true);
  });

  it('never lets a plain key pose as a hashed one', () => {
    const hashed = jobIdOf('score-shard', 'a:b');
    expect(jobIdOf('score-shard', hashed.slice('score-shard.'.length))).not.toBe(hashed);
  });
});
