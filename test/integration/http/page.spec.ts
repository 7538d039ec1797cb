import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootApplication, testOptions } from './support/application.js';

@Module({})
class EmptyModule {}

describe('the page', () => {
  const root = mkdtempSync(join(tmpdir(), 'dsim-page-'));
  let app: NestFastifyApplication;

  beforeAll(async () => {
    mkdirSync(join(root, 'assets'));
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>t</title>');
    writeFileSync(join(root, 'assets/app-1a2b.js'), 'console.log(1)');
    writeFileSync(join(root, 'assets/app-1a2b.js.gz'), gzipSync('console.log(1)'));
    app = await bootApplication(EmptyModule, testOptions({}, { webRoot: root }));
  });
  afterAll(async () => {
    await app.close();
    rmSync(root, { recursive: true });
  });

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

  it('is served at / and always asked for again', async () => {
    const page = await get('/');
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(page.headers['content-type']).toContain('text/html');
  });

  it('lets browsers keep what is named after its content', async () => {
    const asset = await get('/assets/app-1a2b.js');
    expect([asset.body, asset.headers['cache-control']]).toEqual([
      'console.log(1)',
      'public, max-age=31536000, immutable',
    ]);
  });

  it('serves the compressed file where there is one', async () => {
    const asset = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip' });
    expect(asset.headers['content-encoding']).toBe('gzip');
    expect(asset.rawPayload.equals(gzipSync('console.log(1)'))).toBe(true);
  });

  it.each(['/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/package.json', '/nothing.js'])(
    'does not serve %s',
    async (url) => {
      expect((await get(url)).statusCode).toBe(404);
    },
  );
});
