import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentsProvisioner, EnvironmentsReader } from '../../../src/modules/environments/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, createToken, loginAdmin, type Secured } from '../auth/support/secured-application.js';

const NOWHERE = '019a0000-0000-7000-8000-000000000000';

describe('environments', () => {
  let db: TestDatabase;
  let app: Secured;
  let admin: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await bootSecured(db);
    admin = await loginAdmin(app);
  });
  beforeEach(() => {
    app.events.published.length = 0;
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const create = (body: object, token = admin) => call(app, 'POST', '/environments', { token, body });
  const change = (id: string, body: object) => call(app, 'PATCH', `/environments/${id}`, { token: admin, body });
  const get = (path: string) => call(app, 'GET', path, { token: admin });

  it('are created with the configured defaults, a slug from the name, an event and an audit entry', async () => {
    const answer = await create({ name: ' Zürich, production ' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      name: 'Zürich, production',
      slug: 'zurich-production',
      kind: 'live',
      tickSeconds: 15,
      retentionDays: 15,
      maxSeries: 100_000,
    });
    expect(Object.keys(answer.body as object).sort()).toEqual([
      'createdAt',
      'id',
      'kind',
      'maxSeries',
      'name',
      'retentionDays',
      'slug',
      'tickSeconds',
    ]);
    expect(app.events.published).toEqual([
      {
        type: 'environments.environment-created',
        payload: {
          environmentId: answer.body.id,
          key: expect.any(Number) as number,
          name: 'Zürich, production',
          kind: 'live',
        },
      },
    ]);
    const audited = await db.query(
      `SELECT 1 FROM audit_entries WHERE action = 'environments.create' AND environment_id = $1`,
      [answer.body.id],
    );
    expect(audited).toHaveLength(1);
    expect((await get(`/environments/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('get numbered slugs where names repeat, also at the same moment, and a conflict where the slug was asked for', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'Twin' })));
    expect(answers.map(({ body }) => body.slug as string).sort()).toEqual([
      'twin',
      'twin-2',
      'twin-3',
      'twin-4',
      'twin-5',
    ]);
    const conflict = await create({ name: 'x', slug: 'twin' });
    expect(conflict.status).toBe(409);
    expect(conflict.body.code).toBe('environments.slug_taken');
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: '  ' }, 'name'],
    ['a NUL in the name', { name: 'a\u0000b' }, 'name'],
    ['a slug with a path', { name: 'x', slug: '../etc' }, 'slug'],
    ['a slug in capitals', { name: 'x', slug: 'Berlin' }, 'slug'],
    ['a tick of zero', { name: 'x', tickSeconds: 0 }, 'tickSeconds'],
    ['a tick that is no number', { name: 'x', tickSeconds: '15' }, 'tickSeconds'],
    ['a fraction of a day', { name: 'x', retentionDays: 1.5 }, 'retentionDays'],
    ['more series than an int holds', { name: 'x', maxSeries: 1e15 }, 'maxSeries'],
    ['an unknown kind', { name: 'x', kind: 'dead' }, 'kind'],
  ])('are refused with %s, and the answer names the field', async (_what, body, path) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  it('are refused with a field that does not exist', async () => {
    expect((await create({ name: 'x', key: 1 })).status).toBe(400);
  });

  it.each(['host', 'simulated'])('of kind %s are not created here, and the answer says why', async (kind) => {
    const answer = await create({ name: 'x', kind });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('environments.kind_not_creatable');
    expect(answer.body.detail).toMatch(kind === 'host' ? /host source/ : /api\/v1\/simulations/);
  });

  it('take names as they are, wildcards and quotes included', async () => {
    const answer = await create({ name: `100% "it's" _; DROP TABLE x --` });
    expect(answer.body).toMatchObject({ name: `100% "it's" _; DROP TABLE x --`, slug: '100-it-s-drop-table-x' });
    expect((await create({ name: '本番' })).body.slug).toBe('environment');
  });

  it('change what is named and nothing else, with an event', async () => {
    const { body: before } = await create({ name: 'Before', tickSeconds: 5 });
    app.events.published.length = 0;
    await get(`/environments/${before.id}`);
    const answer = await change(before.id as string, { name: 'After', retentionDays: 30 });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...before, name: 'After', retentionDays: 30 });
    // Not from the reader's memory.
    expect((await get(`/environments/${before.id}`)).body).toEqual(answer.body);
    expect(app.events.published.map(({ type }) => type)).toEqual(['environments.environment-changed']);
  });

  it.each([{}, { slug: 'other' }, { kind: 'host' }, { tickSeconds: -1 }, { name: null }])(
    'refuse the change %j',
    async (body) => {
      const { body: environment } = await create({ name: 'Stable' });
      expect((await change(environment.id as string, body)).status).toBe(400);
    },
  );

  it('keep both of two changes at once', async () => {
    const { body } = await create({ name: 'Busy' });
    await Promise.all([
      change(body.id as string, { tickSeconds: 30 }),
      change(body.id as string, { retentionDays: 7 }),
    ]);
    expect((await get(`/environments/${body.id}`)).body).toMatchObject({ tickSeconds: 30, retentionDays: 7 });
  });

  it('are deleted only when the slug confirms it, and their key is never used again', async () => {
    const { body } = await create({ name: 'Gone' });
    const path = `/environments/${body.id}`;
    const key = app.events.published[0]!.payload as { key: number };
    for (const query of ['', '?confirm=', '?confirm=GONE', '?confirm=%25']) {
      const refused = await call(app, 'DELETE', `${path}${query}`, { token: admin });
      expect(refused.status, query).toBe(400);
      expect(refused.body.code).toBe('environments.deletion_not_confirmed');
      expect(refused.body.detail).toContain('?confirm=gone');
    }
    app.events.published.length = 0;
    expect((await call(app, 'DELETE', `${path}?confirm=gone`, { token: admin })).status).toBe(204);
    expect(app.events.published).toMatchObject([
      { type: 'environments.environment-deleted', payload: { environmentId: body.id } },
    ]);
    expect((await get(path)).body.code).toBe('environments.environment_not_found');
    expect((await call(app, 'DELETE', `${path}?confirm=gone`, { token: admin })).status).toBe(404);
    await create({ name: 'Gone' });
    expect((app.events.published.at(-1)!.payload as { key: number }).key).toBeGreaterThan(key.key);
  });

  it('answer clearly where there is none', async () => {
    expect((await get(`/environments/${NOWHERE}`)).status).toBe(404);
    expect((await get('/environments/berlin')).status).toBe(400);
    expect((await change(NOWHERE, { name: 'x' })).status).toBe(404);
  });

  it('are listed page by page in the order of their creation', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/environments?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = (body.nextCursor as string | null) ?? '';
    } while (cursor);
    const stored = await db.query<{ id: string }>(`SELECT id FROM environments_environments ORDER BY key`);
    expect(ids).toEqual(stored.map(({ id }) => id));
    for (const key of [['x'], [1.5], [-1], [1e12], []]) {
      const wrong = Buffer.from(JSON.stringify(key)).toString('base64url');
      expect((await get(`/environments?cursor=${wrong}`)).body.code, wrong).toBe('http.invalid_cursor');
    }
  });

  it('are for those with the permission', async () => {
    const { token } = await createToken(app, admin, ['environments:read']);
    expect((await call(app, 'GET', '/environments', { token })).status).toBe(200);
    expect((await create({ name: 'x' }, token)).status).toBe(403);
    expect((await call(app, 'GET', '/environments')).status).toBe(401);
  });

  describe('for other modules', () => {
    it('are found by id, and a wrong id is no error of the database', async () => {
      const reader = app.app.get(EnvironmentsReader, { strict: false });
      const { body } = await create({ name: 'Read' });
      expect(await reader.get(body.id as string)).toMatchObject({ slug: 'read', createdAt: expect.any(Date) as Date });
      expect(await reader.find(`' OR true --`)).toBeUndefined();
      await expect(reader.get(NOWHERE)).rejects.toThrow('There is no environment');
      expect((await reader.all()).some(({ id }) => id === body.id)).toBe(true);
    });

    it('are made once by sources that start together, and left alone afterwards', async () => {
      const provisioner = app.app.get(EnvironmentsProvisioner, { strict: false });
      const second = await bootSecured(db);
      try {
        const other = second.app.get(EnvironmentsProvisioner, { strict: false });
        const wanted = { slug: 'host', name: 'This machine', kind: 'host', tickSeconds: 5 } as const;
        const all = await Promise.all([provisioner, other, provisioner, other].map((each) => each.ensure(wanted)));
        expect(new Set(all.map(({ id }) => id)).size).toBe(1);
        expect(all[0]).toMatchObject({ kind: 'host', tickSeconds: 5, maxSeries: 100_000 });
        const events = [...app.events.published, ...second.events.published];
        expect(events.filter(({ type }) => type === 'environments.environment-created')).toHaveLength(1);

        await change(all[0]!.id, { name: 'My laptop' });
        expect(await provisioner.ensure(wanted)).toMatchObject({ id: all[0]!.id, name: 'My laptop' });
        await expect(provisioner.ensure({ ...wanted, kind: 'live' })).rejects.toThrow('is of kind host');
      } finally {
        await second.close();
      }
    });
  });
});
