import { describe, expect, it } from 'vitest';
import { HashingOverloadedError } from '../auth.errors.js';
import { PASSWORD_COST, ScryptHasher, UNMATCHED_PASSWORD_HASH } from './scrypt-hasher.js';

const CHEAP = { log2N: 4, r: 8, p: 1 };

describe('ScryptHasher', () => {
  const hasher = new ScryptHasher();

  it('recognises the text it hashed and no other', async () => {
    const hash = await hasher.hash('correct horse', CHEAP);
    expect(hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/);
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    expect(await hasher.verify('correct horsf', hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
  });

  it('salts', async () => {
    expect(await hasher.hash('same', CHEAP)).not.toBe(await hasher.hash('same', CHEAP));
  });

  it('takes the same characters typed on another keyboard for the same', async () => {
    expect(await hasher.verify('u\u0308ber', await hasher.hash('\u00fcber', CHEAP))).toBe(true);
  });

  it.each([
    '',
    'plain text',
    '$scrypt$ln=4,r=8,p=1$AAAA$AAAA',
    `$scrypt$ln=0,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    // Would take 128 GiB if it were believed.
    `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `$scrypt$ln=4,r=99,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  ])('trusts no hash like "%s"', async (encoded) => {
    expect(await hasher.verify('x', encoded)).toBe(false);
    expect(hasher.isOutdated(encoded, CHEAP)).toBe(true);
  });

  it('knows a hash of another cost', async () => {
    const hash = await hasher.hash('x', CHEAP);
    expect(hasher.isOutdated(hash, CHEAP)).toBe(false);
    expect(hasher.isOutdated(hash, { ...CHEAP, log2N: 5 })).toBe(true);
    expect(hasher.isOutdated(hash, { ...CHEAP, p: 3 })).toBe(true);
  });

  it('has a hash for users that do not exist, which costs as much and matches nothing', async () => {
    expect(hasher.isOutdated(UNMATCHED_PASSWORD_HASH, PASSWORD_COST)).toBe(false);
    expect(await hasher.verify('', UNMATCHED_PASSWORD_HASH)).toBe(false);
  });

  it('refuses what would wait too long, and recovers', async () => {
    const crowded = new ScryptHasher();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => crowded.hash('x', CHEAP)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(100 - 2 - 64);
    expect(refused[0]!.reason).toBeInstanceOf(HashingOverloadedError);
    await expect(crowded.hash('x', CHEAP)).resolves.toContain('$scrypt$');
  });
});
