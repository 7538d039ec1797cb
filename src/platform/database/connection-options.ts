import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import type { DatabaseConfig } from './database.config.js';

/** Options for `pg` from an address and our TLS settings. */
export function connectionOptions(url: string, tls: DatabaseConfig['tls']): PoolConfig {
  const ssl = tlsOptions(tls);
  if (ssl === undefined) return { connectionString: url };
  // pg lets parameters of the address win over the `ssl` option: take them out.
  const address = new URL(url);
  for (const name of ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']) address.searchParams.delete(name);
  return { connectionString: address.toString(), ssl };
}

function tlsOptions(tls: DatabaseConfig['tls']): TlsOptions | false | undefined {
  if (tls.mode === 'disable') return false;
  const files = {
    ...(tls.caFile && { ca: readFileSync(tls.caFile, 'utf8') }),
    ...(tls.certFile && { cert: readFileSync(tls.certFile, 'utf8') }),
    ...(tls.keyFile && { key: readFileSync(tls.keyFile, 'utf8') }),
  };
  if (tls.mode === 'url') return Object.keys(files).length > 0 ? files : undefined;
  if (tls.mode === 'require') return { ...files, rejectUnauthorized: false };
  if (tls.mode === 'verify-ca') return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { ...files, rejectUnauthorized: true };
}

/** `host:5432/database`, for messages: no user, no password. */
export function addressOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return 'the configured address';
  }
}
