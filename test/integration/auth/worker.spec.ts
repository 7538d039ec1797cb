import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PurgeAuditEntriesProcessor } from '../../../src/modules/audit/purge-audit-entries.processor.js';
import { PurgeAuthRecordsProcessor } from '../../../src/modules/auth/jobs/purge-auth-records.processor.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, loginAdmin, type Secured } from './support/secured-application.js';

const DAY_MS = 86_400_000;

describe('auth in a worker', () => {
  let db: TestDatabase;
  let api: Secured;
  let worker: Secured;

  beforeAll(async () => {
    db = await createTestDatabase();
    worker = await bootSecured(db, { role: 'worker' });
    expect(await db.query(`SELECT 1 FROM auth_users`)).toEqual([]);
    api = await bootSecured(db);
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    await db.close();
  });

  it('guards its routes as an API process does, and takes no logins', async () => {
    const token = await loginAdmin(api);
    expect((await call(worker, 'GET', '/probe/incidents')).status).toBe(401);
    expect((await call(worker, 'GET', '/probe/incidents', { token })).status).toBe(200);
    expect((await call(worker, 'POST', '/auth/login', { body: { username: 'admin', password: 'x' } })).status).toBe(
      404,
    );
  });

  it('has the processors of the jobs', () => {
    expect(worker.app.get(PurgeAuditEntriesProcessor, { strict: false })).toBeDefined();
    expect(worker.app.get(PurgeAuthRecordsProcessor, { strict: false })).toBeDefined();
    expect(() => api.app.get(PurgeAuthRecordsProcessor, { strict: false })).toThrow();
  });

  it('clears away sessions and failures of long ago, and only those', async () => {
    const wrong = { username: 'admin', password: 'wrong wrong wrong' };
    api.clock.offsetMs = -4 * DAY_MS;
    await loginAdmin(api);
    await call(api, 'POST', '/auth/login', { body: wrong, ip: '10.3.0.1' });
    api.clock.offsetMs = 0;
    const token = await loginAdmin(api);
    await call(api, 'POST', '/auth/login', { body: wrong, ip: '10.3.0.2' });

    const count = async (table: string): Promise<number> => (await db.query(`SELECT 1 FROM ${table}`)).length;
    const sessions = await count('auth_sessions');
    await worker.app.get(PurgeAuthRecordsProcessor, { strict: false }).process();
    expect(await count('auth_sessions')).toBe(sessions - 1);
    const keys = (await db.query<{ key: string }>(`SELECT key FROM auth_login_throttles`)).map(({ key }) => key);
    expect(keys).toContain('address 10.3.0.2');
    expect(keys).not.toContain('address 10.3.0.1');
    expect((await call(api, 'GET', '/auth/me', { token })).status).toBe(200);
  });
});
