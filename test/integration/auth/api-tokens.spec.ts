import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/platform/http/paging.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, createToken, loginAdmin, type Secured } from './support/secured-application.js';

describe('API tokens', () => {
  let db: TestDatabase;
  let app: Secured;
  let admin: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await bootSecured(db);
    admin = await loginAdmin(app);
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const create = (body: object, token = admin) => call(app, 'POST', '/api-tokens', { token, body });
  const use = (token: string, path = '/probe/incidents') => call(app, 'GET', path, { token });
  const environment = async (name: string): Promise<string> =>
    (await call(app, 'POST', '/environments', { token: admin, body: { name } })).body.id as string;

  it('are shown once, hashed at rest, and listed without their secret', async () => {
    const answer = await create({ name: 'ci', permissions: ['incidents:read', 'incidents:read'] });
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatchObject({
      name: 'ci',
      permissions: ['incidents:read'],
      environmentId: null,
      createdBy: 'admin',
    });
    expect(answer.body.token).toMatch(/^dsim_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const secret = (answer.body.token as string).split('_')[2]!;
    expect(JSON.stringify(await db.query(`SELECT * FROM auth_api_tokens`))).not.toContain(secret);
    expect(JSON.stringify(await db.query(`SELECT * FROM audit_entries`))).not.toContain(secret);
    const list = await call(app, 'GET', '/api-tokens', { token: admin });
    expect(JSON.stringify(list.body)).not.toContain(secret);
    expect(list.body.items[0].prefix).toBe((answer.body.token as string).slice(0, 21));
    expect((await use(answer.body.token as string)).body).toEqual({ name: 'ci' });
  });

  it('stop working when revoked, also where they were just used, and revoking twice is no error', async () => {
    const { id, token } = await createToken(app, admin, ['incidents:read']);
    expect((await use(token)).status).toBe(200);
    expect((await call(app, 'DELETE', `/api-tokens/${id}`, { token: admin })).status).toBe(204);
    const refused = await use(token);
    expect(refused.status).toBe(401);
    expect(refused.body.code).toBe('auth.token_invalid');
    expect((await call(app, 'DELETE', `/api-tokens/${id}`, { token: admin })).status).toBe(204);
    const audited = await db.query(
      `SELECT 1 FROM audit_entries WHERE action = 'auth.revoke-api-token' AND subject_id = $1`,
      [id],
    );
    expect(audited.length).toBeGreaterThan(0);
  });

  it('expire, even while remembered', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { token } = await createToken(app, admin, ['incidents:read'], { expiresAt });
    expect((await use(token)).status).toBe(200);
    app.clock.offsetMs = 61_000;
    try {
      expect((await use(token)).body.code).toBe('auth.token_expired');
    } finally {
      app.clock.offsetMs = 0;
    }
  });

  it('note when they were used', async () => {
    const { id, token } = await createToken(app, admin, ['incidents:read']);
    await use(token);
    await expect
      .poll(
        async () =>
          (
            await db.query<{ at: Date | null }>(`SELECT last_used_at AS at FROM auth_api_tokens WHERE id = $1`, [id])
          )[0]!.at,
      )
      .toBeInstanceOf(Date);
  });

  it.each([
    ['the secret of another token', (a: string, b: string) => `${a.slice(0, 22)}${b.slice(22)}`],
    ['one digit changed', (a: string) => a.slice(0, -1) + (a.endsWith('0') ? '1' : '0')],
    ['an unknown lookup', (a: string) => `dsim_${'0'.repeat(16)}_${a.slice(22)}`],
    ['upper case', (a: string) => a.toUpperCase().replace('DSIM', 'dsim')],
    ['a wildcard', () => 'dsim_%_%'],
    ['something longer', (a: string) => `${a}0`],
    ['its hash', () => ''],
  ])('are refused with %s', async (_what, forge) => {
    const [a, b] = [await createToken(app, admin, ['incidents:read']), await createToken(app, admin, ['admin'])];
    const [row] = await db.query<{ hash: string }>(`SELECT hash FROM auth_api_tokens WHERE id = $1`, [a.id]);
    const forged = forge(a.token, b.token) || `${a.token.slice(0, 22)}${row!.hash}`;
    const answer = await use(forged);
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('auth.token_invalid');
  });

  it('cost one hash, not one per request', async () => {
    const { token } = await createToken(app, admin, ['incidents:read']);
    await use(token);
    const start = performance.now();
    await Promise.all(Array.from({ length: 200 }, () => use(token)));
    // 200 hashes would take seconds; the figure is wide because machines are slow at times.
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['no permission', { name: 'x', permissions: [] }, 'http.invalid_request'],
    ['an unknown permission', { name: 'x', permissions: ['root'] }, 'http.invalid_request'],
    ['no name', { name: '  ', permissions: ['incidents:read'] }, 'http.invalid_request'],
    [
      'half a surrogate pair in the name',
      { name: 'a\ud800b', permissions: ['incidents:read'] },
      'http.invalid_request',
    ],
    ['a NUL in the name', { name: 'a\u0000b', permissions: ['incidents:read'] }, 'http.invalid_request'],
    [
      'an expiry in the past',
      { name: 'x', permissions: ['incidents:read'], expiresAt: '2001-01-01T00:00:00Z' },
      'auth.expiry_in_past',
    ],
    [
      'an expiry that is no time',
      { name: 'x', permissions: ['incidents:read'], expiresAt: 'tomorrow' },
      'http.invalid_request',
    ],
    [
      'an environment that is no id',
      { name: 'x', permissions: ['incidents:read'], environmentId: 'berlin' },
      'http.invalid_request',
    ],
    [
      'an environment that is not there',
      { name: 'x', permissions: ['incidents:read'], environmentId: '019a0000-0000-7000-8000-000000000000' },
      'auth.environment_not_found',
    ],
  ])('are not created with %s', async (_what, body, code) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(code);
  });

  describe('cannot give more than their creator has', () => {
    it('by permission', async () => {
      const { token } = await createToken(app, admin, ['tokens:manage', 'telemetry:read']);
      expect((await create({ name: 'x', permissions: ['telemetry:read'] }, token)).status).toBe(201);
      const answer = await create({ name: 'x', permissions: ['telemetry:read', 'telemetry:write'] }, token);
      expect(answer.status).toBe(403);
      expect(answer.body.code).toBe('auth.permission_not_grantable');
      expect(answer.body.detail).toContain('"telemetry:write"');
    });

    it('by making more tokens that make tokens', async () => {
      const { token } = await createToken(app, admin, ['tokens:manage']);
      expect((await create({ name: 'x', permissions: ['tokens:manage'] }, token)).status).toBe(403);
    });

    it('by holding what reaches beyond the environment they are bound to', async () => {
      const environmentId = await environment('bound');
      for (const permission of ['admin', 'audit:read', 'tokens:manage', 'environments:write', 'metrics:read']) {
        const answer = await create({ name: 'x', permissions: [permission], environmentId });
        expect(answer.status, permission).toBe(403);
      }
    });

    it('by being used like a person', async () => {
      const { token } = await createToken(app, admin, ['incidents:read']);
      const body = { currentPassword: 'x', newPassword: 'a new and good one' };
      expect((await call(app, 'POST', '/auth/password', { token, body })).body.code).toBe('auth.session_required');
      expect((await call(app, 'POST', '/auth/logout', { token })).body.code).toBe('auth.session_required');
    });

    it('by being sent as a cookie', async () => {
      const { token } = await createToken(app, admin, ['incidents:read']);
      const answer = await call(app, 'GET', '/probe/incidents', { headers: { cookie: `dsim_session=${token}` } });
      expect(answer.status).toBe(401);
    });
  });

  describe('bound to an environment', () => {
    let own: string;
    let other: string;
    let token: string;
    let id: string;

    beforeAll(async () => {
      own = await environment('own');
      other = await environment('other');
      const permissions = ['telemetry:read', 'telemetry:write', 'environments:read', 'incidents:read'] as const;
      ({ token, id } = await createToken(app, admin, permissions, { environmentId: own }));
    });

    it('open their own and no other, wherever the request names it', async () => {
      expect((await use(token, `/probe/environments/${own}/series`)).status).toBe(200);
      expect((await use(token, `/probe/environments/${own.toUpperCase()}/series`)).status).toBe(200);
      for (const path of [
        `/probe/environments/${other}/series`,
        `/probe/environments/${own}/series?environmentId=${other}`,
        `/probe/incidents?environmentId=${other}`,
        `/probe/incidents?environmentId=${own}&environmentId=${other}`,
        `/environments/${other}`,
      ]) {
        const answer = await use(token, path);
        expect(answer.status, path).toBe(403);
        expect(answer.body.code, path).toBe('auth.environment_forbidden');
      }
      expect((await use(token, `/probe/incidents?environmentId=${own}`)).status).toBe(200);
    });

    it('say so of themselves, and see only their own environment', async () => {
      expect((await use(token, '/auth/me')).body).toMatchObject({ kind: 'api-token', id, environmentId: own });
      const list = await use(token, '/environments');
      expect(list.body.items.map((item: { id: string }) => item.id)).toEqual([own]);
    });

    it('are gone with it', async () => {
      await use(token);
      expect((await call(app, 'DELETE', `/environments/${own}?confirm=own`, { token: admin })).status).toBe(204);
      expect(await db.query(`SELECT 1 FROM auth_api_tokens WHERE id = $1`, [id])).toEqual([]);
    });
  });

  it('are listed page by page', async () => {
    const seen = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { id: string }[]; nextCursor: string | null } = (
        await call(app, 'GET', `/api-tokens?limit=3${cursor ? `&cursor=${cursor}` : ''}`, { token: admin })
      ).body;
      expect(page.items.length).toBeLessThanOrEqual(3);
      for (const { id } of page.items) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      cursor = page.nextCursor;
    }
    const [count] = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM auth_api_tokens`);
    expect(seen.size).toBe(count!.count);
    const bad = Buffer.from(JSON.stringify(["2001-01-01T00:00:00Z'; --", 'x'])).toString('base64url');
    const yearZero = encodeCursor(['0000-01-01T00:00:00Z', '019a0000-0000-7000-8000-000000000001']);
    for (const wrong of ['nonsense', bad, yearZero]) {
      expect((await call(app, 'GET', `/api-tokens?cursor=${wrong}`, { token: admin })).body.code).toBe(
        'http.invalid_cursor',
      );
    }
  });
});
