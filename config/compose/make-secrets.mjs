// Writes random secrets for docker-compose.yml into a folder, once; a second run keeps what is there.
//   node make-secrets.mjs DIR
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node make-secrets.mjs DIR');
  process.exit(2);
}
const random = () => randomBytes(32).toString('base64url');
const databasePassword = keep('database-password', random);
keep('database-url', () => `postgres://dsim:${databasePassword}@postgres:5432/dsim`);
keep('jwt-secret', random);
keep('ingest-token', () => `dsim_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('hex')}`);
const fresh = !existsSync(join(folder, 'admin-password'));
const password = keep('admin-password', () => randomBytes(12).toString('base64url'));
console.log(
  fresh
    ? `Sign in as admin with the password ${password}`
    : 'Secrets are there already; `docker compose run --rm secrets cat /secrets/admin-password` shows the first password.',
);

function keep(name, make) {
  const path = join(folder, name);
  if (!existsSync(path)) writeFileSync(path, make());
  // The volume is shared only with the containers of this file, which run as several users.
  chmodSync(path, 0o444);
  return readFileSync(path, 'utf8');
}
