import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addressOf, connectionOptions } from './connection-options.js';

const folder = mkdtempSync(join(tmpdir(), 'dsim-tls-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, 'certificate');
const URL_WITH_MODE = 'postgresql://u:p%40w@db:6432/dsim?sslmode=require&application_name=x';

describe('connectionOptions', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves the address alone where it decides', () => {
    expect(connectionOptions(URL_WITH_MODE, { mode: 'url' })).toEqual({ connectionString: URL_WITH_MODE });
  });

  it.each([
    ['disable', false],
    ['require', { rejectUnauthorized: false }],
    ['verify-full', { rejectUnauthorized: true }],
  ] as const)('%s overrules the address', (mode, ssl) => {
    const options = connectionOptions(URL_WITH_MODE, { mode });
    expect(options).toEqual({ connectionString: 'postgresql://u:p%40w@db:6432/dsim?application_name=x', ssl });
  });

  it('verify-ca trusts the authority, whatever the name', () => {
    const { ssl } = connectionOptions(URL_WITH_MODE, { mode: 'verify-ca', caFile });
    expect(ssl).toMatchObject({ ca: 'certificate', rejectUnauthorized: true });
    expect((ssl as { checkServerIdentity: () => unknown }).checkServerIdentity()).toBeUndefined();
  });

  it('says which file is missing', () => {
    expect(() => connectionOptions(URL_WITH_MODE, { mode: 'verify-full', caFile: '/no/such/ca.pem' })).toThrow(
      /no\/such\/ca\.pem/,
    );
  });

  it('names a server without its secrets', () => {
    expect(addressOf(URL_WITH_MODE)).toBe('db:6432/dsim');
    expect(addressOf('postgresql:///dsim?host=/run/pg')).toBe('/run/pg:5432/dsim');
    expect(addressOf('nonsense')).toBe('the configured address');
  });
});
