import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiTokenProvisioner } from '../../../src/modules/auth/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, loginAdmin, type Secured } from './support/secured-application.js';

const TOKEN = `dsim_${'0a'.repeat(8)}_${'1b'.repeat(32)}`;

describe('API tokens of the configuration', () => {
  let db: TestDatabase;
  let app: Secured;
  let admin: string;
  let environmentId: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await bootSecured(db);
    admin = await loginAdmin(app);
    environmentId = (await call(app, 'POST', '/environments', { token: admin, body: { name: 'fleet' } })).body
      .id as string;
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const ensure = (token = TOKEN) =>
    app.app
      .get(ApiTokenProvisioner)
      .ensure({ token, name: 'ingest fleet', permissions: ['telemetry:write'], environmentId });
  const whoAmI = (token: string) => call(app, 'GET', '/auth/me', { token });

  it('exist once, however many pods start at once, and are bound to their environment', async () => {
    await Promise.all([ensure(), ensure(), ensure()]);
    await ensure();
    const rows = await db.query(`SELECT created_by_name AS by FROM auth_api_tokens WHERE name = 'ingest fleet'`);
    expect(rows).toEqual([{ by: 'configuration' }]);
    expect((await whoAmI(TOKEN)).body).toMatchObject({ environmentId, permissions: ['telemetry:write'] });
    const audited = await db.query(`SELECT 1 FROM audit_entries WHERE action = 'auth.create-api-token'`);
    expect(audited).toHaveLength(1);
  });

  it('refuse a secret that contradicts a known public part, and a malformed text', async () => {
    const other = `${TOKEN.slice(0, -1)}c`;
    await expect(ensure(other)).rejects.toMatchObject({ code: 'auth.provisioned_token_conflict' });
    await expect(ensure('dsim_short')).rejects.toMatchObject({ code: 'auth.provisioned_token_conflict' });
    expect((await whoAmI(other)).status).toBe(401);
  });

  it('stay revoked when a person revoked them', async () => {
    const list = await call(app, 'GET', '/api-tokens', { token: admin });
    const { id } = (list.body.items as { id: string; name: string }[]).find(({ name }) => name === 'ingest fleet')!;
    expect((await call(app, 'DELETE', `/api-tokens/${id}`, { token: admin })).status).toBe(204);
    await ensure();
    expect((await whoAmI(TOKEN)).status).toBe(401);
  });
});
