import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { httpRoot } from '../../platform/http/create-http-application.js';
import { API_PREFIX, OUTSIDE_PREFIX } from '../../platform/http/http-options.js';
import { httpConfig } from '../../platform/http/http.config.js';
import { buildOpenApiDocument } from '../../platform/http/openapi.js';
import type { ModuleContext, ModuleDefinition } from '../../platform/registry/module-definition.js';
import { NoWorkerHealth } from '../../platform/registry/worker-health.js';
import { NoWorkerMetrics } from '../../platform/registry/worker-metrics.js';
import { AppModule, loadModules, type ComposeOptions } from '../app.module.js';
import { CATALOGUE } from '../catalogue.js';
import { prepare } from '../preparation.js';

const FILE = join(PROJECT_DIR, 'docs/openapi.json');

/**
 * The document as text, with every module on, the experimental ones too. Nest's preview mode reads decorators and
 * wires nothing: no database, no queue, no provider is made.
 */
export async function openApiText(catalogue: readonly ModuleDefinition[] = CATALOGUE): Promise<string> {
  const flags = catalogue.filter(({ toggleable }) => toggleable).map(({ id }) => [flagOf(id), 'true']);
  const { configuration, features } = await prepare({ DSIM_PROFILE: 'development', ...Object.fromEntries(flags) });
  const context: ModuleContext = {
    profile: 'development',
    role: 'api',
    serves: true,
    works: false,
    isEnabled: (id) => catalogue.some((module) => module.id === id),
  };
  const root = AppModule.compose(context, await loadModules(context), {
    configuration,
    features,
    // In preview mode nobody ever asks these anything.
    logger: {} as ComposeOptions['logger'],
    runtime: {} as ComposeOptions['runtime'],
    workerMetrics: new NoWorkerMetrics(),
    workerHealth: new NoWorkerHealth(),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    httpRoot(root, { context, config: configuration.get(httpConfig) }),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
  const text = `${JSON.stringify(buildOpenApiDocument(app), null, 2)}\n`;
  await app.close();
  return text;
}

function flagOf(id: string): string {
  return `FEATURE_${id.replaceAll('-', '_').toUpperCase()}`;
}

/** `openapi` writes docs/openapi.json; `openapi --check` fails where the committed file differs. */
async function main(check: boolean): Promise<number> {
  const text = await openApiText();
  if (!check) {
    writeFileSync(FILE, text);
    console.log(`Wrote ${FILE}`);
    return 0;
  }
  if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return 0;
  console.error('docs/openapi.json is not what the code says. Run `npm run openapi` and commit the result.');
  return 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exit(await main(process.argv.includes('--check')));
}
