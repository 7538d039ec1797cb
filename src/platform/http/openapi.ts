import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_DIR } from '../config/environment.js';
import { ACCESS_EXTENSION } from './access.js';
import { nameSchemas } from './openapi-names.js';
import { PROBLEM_MEDIA_TYPE, problemSchema } from './problem.js';

const DESCRIPTION = `All routes but health, documentation and the sign-in need a session or an API token.
Times are ISO 8601 in UTC unless a field says otherwise. Lists are paged with \`limit\` and \`cursor\`.
Failures are RFC 9457 problem documents. POST requests take an \`Idempotency-Key\` header; GET answers carry an \`ETag\`.`;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The API as OpenAPI 3.0, from the zod schemas at the controllers. Sorted, so that it only differs where the API does. */
export function buildOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, 'package.json'), 'utf8')) as { version: string };
  const base = new DocumentBuilder()
    .setTitle('DevOps Simulator')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'Access token of a sign-in, or an API token' },
      'bearer',
    )
    .addCookieAuth('dsim_session', { type: 'apiKey', in: 'cookie', description: 'Session of the page' }, 'session')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('session')
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (controller, method) => `${method}${controller.replace(/Controller$/, '')}`,
  });
  addProblems(document);
  addAccess(document);
  relaxBodies(document);
  nameSchemas(document);
  return sorted(document);
}

/** Swagger's page styles itself inline. Its scripts are ours to serve, like all others. */
const MANUAL_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/** The manual at `/api/docs` and its source at `/api/openapi.json`, built when first asked for. */
export function serveDocumentation(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api/docs')) void reply.header('Content-Security-Policy', MANUAL_POLICY);
    done(null, payload);
  });
  SwaggerModule.setup('api/docs', app, () => buildOpenApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'DevOps Simulator API',
    swaggerOptions: { persistAuthorization: false, displayOperationId: true, tryItOutEnabled: true },
  });
}

type JsonSchema = Record<string, unknown> & {
  readonly definitions?: Readonly<Record<string, Record<string, unknown>>>;
};

function addProblems(document: OpenAPIObject): void {
  const converted = z.toJSONSchema(problemSchema, { target: 'openapi-3.0', io: 'output' }) as JsonSchema;
  // A schema with an id comes as a reference to a definition beside it.
  const { $schema: _dialect, id: _id, ...schema } = converted.definitions?.['Problem'] ?? converted;
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: schema };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      operation.responses ??= {};
      operation.responses.default ??= {
        description: 'Anything else: a problem document',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
}

/** Public routes need no login; the others say which permission they need. */
function addAccess(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as
        (NonNullable<OpenAPIObject['paths'][string]['get']> & { [ACCESS_EXTENSION]?: string }) | undefined;
      const access = operation?.[ACCESS_EXTENSION];
      if (!operation || access === undefined) continue;
      delete operation[ACCESS_EXTENSION];
      if (access === 'public') operation.security = [];
      else
        operation.description = [operation.description, `Needs the permission \`${access}\`.`]
          .filter(Boolean)
          .join('\n\n');
    }
  }
}

/** Nest calls every body required. One that may be null may also be left out. */
function relaxBodies(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const body = path[method]?.requestBody;
      if (!body || '$ref' in body) continue;
      const schemas = Object.values(body.content).map(({ schema }) => schema);
      if (schemas.some((schema) => schema && 'nullable' in schema && schema.nullable)) body.required = false;
    }
  }
}

function sorted(document: OpenAPIObject): OpenAPIObject {
  const byName = <T extends object>(object: T | undefined): T =>
    Object.fromEntries(Object.entries(object ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
  return {
    ...document,
    paths: byName(document.paths),
    components: { ...document.components, schemas: byName(document.components?.schemas) },
  };
}
