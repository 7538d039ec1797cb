import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditRepository } from '../../../src/modules/audit/audit.repository.js';
import { PurgeAuditEntriesProcessor } from '../../../src/modules/audit/purge-audit-entries.processor.js';
import { AuditTrail } from '../../../src/modules/audit/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { encodeCursor } from '../../../src/platform/http/paging.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, createToken, loginAdmin, type Secured } from '../auth/support/secured-application.js';

const YEAR_ZERO = `cursor=${encodeCursor(['0000-01-01T00:00:00Z', '019a0000-0000-7000-8000-000000000001'])}`;

describe('the audit trail', () => {
  let db: TestDatabase;
  let app: Secured;
  let admin: string;
  let trail: AuditTrail;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await bootSecured(db);
    admin = await loginAdmin(app);
    trail = app.app.get(AuditTrail, { strict: false });
    database = app.app.get(Database, { strict: false });
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const record = (subjectId: string, action = 'test.change') =>
    database.transaction((tx) =>
      trail.record(tx, {
        action,
        actor: 'system',
        subjectType: 'thing',
        subjectId,
        outcome: 'allowed',
        details: { n: 1 },
      }),
    );
  const list = (query: string, token = admin) => call(app, 'GET', `/audit?${query}`, { token });

  it('refuses every change of what was written', async () => {
    await record('fixed');
    await expect(db.query(`UPDATE audit_entries SET outcome = 'denied'`)).rejects.toThrow('append-only');
    await expect(db.query(`DELETE FROM audit_entries`)).rejects.toThrow('append-only');
    await expect(db.query(`TRUNCATE audit_entries`)).rejects.toThrow('append-only');
    await expect(
      database.transaction(async (tx) => {
        await tx.query(`SET LOCAL dsim.audit_retention = 'on'`);
        await tx.query(`UPDATE audit_entries SET outcome = 'denied'`);
      }),
    ).rejects.toThrow('append-only');
  });

  it('keeps no entry of a change that was rolled back', async () => {
    await expect(
      database.transaction(async (tx) => {
        await trail.record(tx, {
          action: 'test.undone',
          actor: 'system',
          subjectType: 'thing',
          subjectId: '1',
          outcome: 'allowed',
        });
        throw new Error('the change failed');
      }),
    ).rejects.toThrow('the change failed');
    expect((await list('action=test.undone')).body.items).toEqual([]);
  });

  it('deletes only what is older than the retention', async () => {
    const { offsetMs } = app.clock;
    app.clock.offsetMs = -401 * 86_400_000;
    await record('old', 'test.aged');
    app.clock.offsetMs = -399 * 86_400_000;
    await record('young', 'test.aged');
    app.clock.offsetMs = offsetMs;
    const entries = app.app.get(AuditRepository, { strict: false });
    await new PurgeAuditEntriesProcessor(entries, app.clock).process();
    const left = (await list('action=test.aged')).body.items as { subjectId: string }[];
    expect(left.map(({ subjectId }) => subjectId)).toEqual(['young']);
  });

  it('links an entry to the request that caused it and to who asked', async () => {
    const created = await createToken(app, admin, ['incidents:read']);
    const { items } = (await list(`subjectType=api-token&subjectId=${created.id}`)).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      action: 'auth.create-api-token',
      actor: { kind: 'user', name: 'admin' },
      outcome: 'allowed',
      details: { permissions: ['incidents:read'] },
    });
    expect(items[0].requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers newest first, page by page, without gaps or repeats', async () => {
    for (let i = 0; i < 7; i += 1) {
      app.clock.offsetMs += 1;
      await record(`p${i}`, 'test.paged');
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await list(`action=test.paged&limit=3${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...(page.items as { subjectId: string }[]).map(({ subjectId }) => subjectId));
      cursor = (page.nextCursor as string | null) ?? '';
    } while (cursor);
    expect(seen).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it('takes filters literally', async () => {
    await record('literal', 'test.literal');
    for (const wild of ['test.%25', 'test_literal', '%25', "' OR true --"]) {
      expect((await list(`action=${wild}`)).body.items, wild).toEqual([]);
    }
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'cursor=nonsense', YEAR_ZERO, 'action=%00', 'action='])(
    'refuses ?%s',
    async (query) => {
      expect((await list(query)).status).toBe(400);
    },
  );

  it('is for those with audit:read', async () => {
    const { token } = await createToken(app, admin, ['incidents:read']);
    expect((await list('', token)).status).toBe(403);
    const { token: auditor } = await createToken(app, admin, ['audit:read']);
    expect((await list('', auditor)).status).toBe(200);
  });
});
