import { describe, expect, it } from 'vitest';
import { explainFailure, startFailure } from './cluster.js';
import { folderError } from './embedded-postgres.errors.js';

const user = { name: 'postgres', uid: 101, gid: 104 };

describe('explainFailure', () => {
  it.each([
    [
      'PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
      /disk that holds \/d is full.*DSIM_DATA_DIR/,
    ],
    ['FATAL:  data directory "/d" has wrong ownership', /postgres may not use \/d.*chown/],
    ['initdb: error: could not look up effective user ID 4711: user does not exist', /named user/],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', /SHARED_BUFFERS_MB/],
    [
      '2026 UTC [1] LOG:  starting\n2026 UTC [1] FATAL:  something odd\n2026 UTC [1] LOG:  bye',
      /did not start: something odd\..*log/,
    ],
    ['', /no message/],
  ])('%s', (output, sentence) => {
    expect(explainFailure(output, '/d', user).message).toMatch(sentence);
  });
});

describe('startFailure', () => {
  it('says that root may not lend the server to another user', () => {
    expect(startFailure(Object.assign(new Error('spawn EPERM'), { code: 'EPERM' }), user).message).toMatch(
      /ordinary user/,
    );
    expect(startFailure(new Error('spawn ENOENT'), user).message).toMatch(/npm ci/);
  });
});

describe('folderError', () => {
  it.each([
    ['EACCES', /cannot be written.*DSIM_DATA_DIR/],
    ['EROFS', /cannot be written/],
    ['ENOSPC', /full/],
    ['ENOTDIR', /not a folder/],
    ['EIO', /cannot be used/],
  ])('%s', (code, sentence) => {
    expect(folderError('/d', Object.assign(new Error('x'), { code })).message).toMatch(sentence);
  });
});
