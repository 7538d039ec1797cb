import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSecured, call, createToken, loginAdmin, type Secured } from './support/secured-application.js';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

describe('access', () => {
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

  const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
    call(app, 'GET', path, { headers, ...(token === undefined ? {} : { token }) });

  describe('of large bodies', () => {
    let port: number;
    beforeAll(async () => {
      await app.app.listen(0, '127.0.0.1');
      port = (app.app.getHttpServer().address() as { port: number }).port;
    });

    /** Sends the head of a request and some of its body, and answers the status without waiting for the rest. */
    function begin(head: readonly string[], body = ''): Promise<number> {
      return new Promise((resolve, reject) => {
        const lines = ['Host: a', 'Content-Type: application/json', ...head];
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(`POST /api/v1/auth/login HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
        });
        socket.setTimeout(2_000, () => {
          socket.destroy();
          resolve(0);
        });
        socket.once('data', (answer: Buffer) => {
          socket.destroy();
          resolve(Number(answer.toString().split(' ')[1]));
        });
        socket.once('error', reject);
      });
    }

    it('reads none of them for a stranger', async () => {
      expect(await begin(['Content-Length: 900000'])).toBe(401);
      expect(await begin(['Content-Length: 900000', 'Authorization: Bearer nonsense'])).toBe(401);
      expect(await begin(['Transfer-Encoding: chunked'], `186a0\r\n${'x'.repeat(100_000)}`)).toBe(401);
    });

    it('waits for what a known caller sends', async () => {
      expect(await begin(['Content-Length: 900000', `Authorization: Bearer ${admin}`])).toBe(0);
    });

    it('lets everybody log in, in whatever way the body comes', async () => {
      const body = JSON.stringify({ username: 'nobody', password: 'wrong' });
      const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      expect(await begin([`Content-Length: ${body.length}`], body)).toBe(401);
      expect(await begin(['Transfer-Encoding: chunked'], chunk)).toBe(401);
      expect(await begin(['Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n')).toBe(400);
    });
  });

  describe('by default', () => {
    it('is closed without a login', async () => {
      const answer = await get('/probe/incidents');
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('auth.unauthenticated');
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    });

    it('is closed to everyone where a route declares nothing', async () => {
      expect((await get('/probe/undeclared')).status).toBe(403);
      const answer = await get('/probe/undeclared', admin);
      expect(answer.status).toBe(403);
      expect(answer.body.code).toBe('auth.route_closed');
    });

    it('is open where a route says so', async () => {
      expect((await get('/probe/public')).status).toBe(200);
      expect((await get('/probe-public')).status).toBe(200);
      // Credentials that are no good do not close what is open.
      expect((await get('/probe/public', 'nonsense')).status).toBe(200);
    });

    it('lets a permission on a method close it within a public class', async () => {
      expect((await get('/probe-public/closed')).status).toBe(401);
      expect((await get('/probe-public/closed', admin)).status).toBe(200);
    });

    it('names the permission that is missing', async () => {
      const { token } = await createToken(app, admin, ['telemetry:read']);
      const answer = await get('/probe/incidents', token);
      expect(answer.status).toBe(403);
      expect(answer.body.code).toBe('auth.forbidden');
      expect(answer.body.detail).toContain('"incidents:read"');
    });

    it.each(['operator', 'viewer'])('gives the role %s what it is for, and no more', async (role) => {
      await db.query(`UPDATE auth_users SET role = $1`, [role]);
      try {
        const token = await loginAdmin(app);
        expect((await get('/probe/incidents', token)).status).toBe(200);
        expect((await call(app, 'POST', '/probe/incidents', { token })).status).toBe(role === 'operator' ? 201 : 403);
        expect((await get('/api-tokens', token)).status).toBe(403);
        expect((await get('/audit', token)).status).toBe(403);
        expect((await call(app, 'POST', '/environments', { token, body: { name: 'x' } })).status).toBe(403);
      } finally {
        await db.query(`UPDATE auth_users SET role = 'admin'`);
      }
    });
  });

  describe('with a forged session', () => {
    it.each([
      [
        'another payload under the same signature',
        ([h, p, s]: string[]) => `${h}.${encode({ ...decode(p!), sub: crypto.randomUUID() })}.${s}`,
      ],
      ['algorithm none', ([h, p]: string[]) => `${encode({ ...decode(h!), alg: 'none' })}.${p}.`],
      [
        'algorithm None, signature kept',
        ([h, p, s]: string[]) => `${encode({ ...decode(h!), alg: 'None' })}.${p}.${s}`,
      ],
      ['no key id', ([, p, s]: string[]) => `${encode({ alg: 'HS256', typ: 'JWT' })}.${p}.${s}`],
      ['another key id', ([h, p, s]: string[]) => `${encode({ ...decode(h!), kid: '../../dev/null' })}.${p}.${s}`],
      ['no signature', ([h, p]: string[]) => `${h}.${p}`],
      ['a header that is no JSON', ([, p, s]: string[]) => `e30x.${p}.${s}`],
      ['only dots', () => '..'],
    ])('refuses %s', async (_what, forge) => {
      const answer = await get('/auth/me', forge(admin.split('.')));
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('auth.token_invalid');
    });

    it.each([
      ['another key', 'HS256', 'sha256', {}, 'not the key'],
      ['our key but another algorithm', 'HS512', 'sha512', {}, undefined],
      ['our key but another issuer', 'HS256', 'sha256', { iss: 'elsewhere' }, undefined],
      ['our key but another audience', 'HS256', 'sha256', { aud: 'webhook' }, undefined],
      ['our key but no session of ours', 'HS256', 'sha256', { sid: crypto.randomUUID() }, undefined],
      ['our key but the session of another user', 'HS256', 'sha256', { sub: crypto.randomUUID() }, undefined],
      ['our key but SQL for a session', 'HS256', 'sha256', { sid: `' OR true --` }, undefined],
    ])('refuses %s', async (_what, alg, digest, claims, foreignKey) => {
      const [stored] = await db.query<{ secret: string }>(`SELECT secret FROM auth_secrets`);
      const [header, payload] = admin.split('.');
      const signed = `${encode({ ...decode(header!), alg })}.${encode({ ...decode(payload!), ...claims })}`;
      const signature = createHmac(digest, foreignKey ?? stored!.secret)
        .update(signed)
        .digest('base64url');
      const answer = await get('/auth/me', `${signed}.${signature}`);
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('auth.token_invalid');
    });

    it('accepts what it signed itself, so that the cases above fail for their own reason', async () => {
      const [stored] = await db.query<{ secret: string }>(`SELECT secret FROM auth_secrets`);
      const [header, payload] = admin.split('.');
      const signature = createHmac('sha256', stored!.secret).update(`${header}.${payload}`).digest('base64url');
      expect((await get('/auth/me', `${header}.${payload}.${signature}`)).status).toBe(200);
    });
  });

  it('says that a session has expired', async () => {
    app.clock.offsetMs = -2 * 86_400_000;
    const old = await loginAdmin(app);
    app.clock.offsetMs = 0;
    const answer = await get('/auth/me', old);
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('auth.token_expired');
  });

  it.each(['Basic YWRtaW46YWRtaW4=', 'Bearer', 'Bearer  ', 'Bearer a b', 'dsim_x'])(
    'refuses the header "%s"',
    async (authorization) => {
      expect((await get('/auth/me', undefined, { authorization })).status).toBe(401);
    },
  );

  it('does not fall back to the cookie when the bearer header is bad', async () => {
    const cookie = `dsim_session=${admin}`;
    expect((await get('/auth/me', undefined, { authorization: 'Bearer nonsense', cookie })).status).toBe(401);
    expect((await get('/auth/me', undefined, { authorization: 'Basic eDp5', cookie })).status).toBe(401);
  });

  it('streams server-sent events to the cookie', async () => {
    const stream = await app.app.inject({ url: '/api/v1/probe/live', headers: { cookie: `dsim_session=${admin}` } });
    expect(stream.statusCode).toBe(200);
    expect(stream.body).toContain('data: tick');
    expect((await app.app.inject({ url: '/api/v1/probe/live' })).statusCode).toBe(401);
  });

  describe('by cookie', () => {
    const post = (headers: Record<string, string>) =>
      call(app, 'POST', '/probe/incidents', {
        headers: { host: 'dsim.example', cookie: `dsim_session=${admin}`, ...headers },
      });

    it.each([
      ['our own page', { 'sec-fetch-site': 'same-origin' }],
      ['our own page in an older browser', { origin: 'http://dsim.example' }],
      ['our own page behind a proxy that ends TLS', { origin: 'https://dsim.example' }],
      ['our own page, default port spelled out', { origin: 'https://dsim.example:443' }],
    ])('changes something for %s', async (_what, headers) => {
      expect((await post(headers)).status).toBe(201);
    });

    it.each([
      ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
      ['another site that lies about Origin', { 'sec-fetch-site': 'cross-site', origin: 'http://dsim.example' }],
      ['a sister subdomain', { 'sec-fetch-site': 'same-site' }],
      ['another site in an older browser', { origin: 'https://evil.example' }],
      ['a host that only begins like ours', { origin: 'http://dsim.example.evil.example' }],
      ['another port', { origin: 'http://dsim.example:8081' }],
      ['a sandboxed frame', { origin: 'null' }],
      ['who does not say', {}],
    ])('changes nothing for %s', async (_what, headers) => {
      const answer = await post(headers as Record<string, string>);
      expect(answer.status).toBe(403);
      expect(answer.body.code).toBe('auth.cross_site_request');
    });

    it('asks nothing of the kind of a bearer token, which no browser adds by itself', async () => {
      expect((await call(app, 'POST', '/probe/incidents', { token: admin })).status).toBe(201);
    });
  });

  it('never answers one caller with the identity of another', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 8 }, (_, index) => createToken(app, admin, ['incidents:read'], { name: `caller-${index}` })),
    );
    const answers = await Promise.all(
      Array.from(
        { length: 80 },
        async (_, index) => (await get('/probe/incidents', tokens[index % 8]!.token)).body.name as string,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 80 }, (_, index) => `caller-${index % 8}`));
  });
});
