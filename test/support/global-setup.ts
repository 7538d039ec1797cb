import type { TestProject } from 'vitest/node';
import { Client } from 'pg';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { EmbeddedServer } from './embedded-server.js';
import { TEMPLATE_DATABASE } from './template-database.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgresql://...` of the server that all test files share; the database is chosen by `createTestDatabase`. */
    postgresUrl: string;
  }
}

let server: EmbeddedServer | undefined;
let users = 0;

/** Several projects of one run share one server. */
export async function setup(project: TestProject): Promise<void> {
  users++;
  server ??= await startServer();
  project.provide('postgresUrl', server.url());
}

export async function teardown(): Promise<void> {
  if (--users > 0) return;
  await server?.stop();
  server = undefined;
}

async function startServer(): Promise<EmbeddedServer> {
  const started = await EmbeddedServer.start();
  try {
    const client = new Client({ connectionString: started.url() });
    await client.connect();
    await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
    await client.end();
    await runMigrations(started.url(TEMPLATE_DATABASE));
  } catch (error) {
    await started.stop();
    throw error;
  }
  return started;
}
