import type { OpenAPIObject } from '@nestjs/swagger';
import { describe, expect, it } from 'vitest';
import { nameSchemas } from './openapi-names.js';

const thing = { type: 'object', properties: { a: { type: 'string' } } };
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

function documentOf(operations: Record<string, object>): OpenAPIObject {
  const paths = Object.fromEntries(Object.entries(operations).map(([path, operation]) => [path, { post: operation }]));
  return { openapi: '3.0.0', info: { title: 't', version: '1' }, paths } as unknown as OpenAPIObject;
}

describe('nameSchemas', () => {
  it('names bodies after the operation and shares equal ones', () => {
    const document = documentOf({
      '/a': {
        operationId: 'createThing',
        requestBody: json({ ...thing, required: ['a'] }),
        responses: { 201: json({ ...thing }) },
      },
      '/b': { operationId: 'readThing', responses: { 200: json({ ...thing }) } },
    });
    nameSchemas(document);
    expect(Object.keys(document.components!.schemas!)).toEqual(['CreateThingRequest', 'CreateThingResponse']);
    expect(JSON.stringify(document.paths['/b'])).toContain('#/components/schemas/CreateThingResponse');
  });

  it('prefers the id of the schema, and does not reuse a taken name for something else', () => {
    const document = documentOf({
      '/a': { operationId: 'a', responses: { 200: json({ id: 'Thing', ...thing }) } },
      '/b': { operationId: 'a', responses: { 200: json({ type: 'object', properties: {} }) } },
      '/c': { operationId: 'a', responses: { 200: json({ type: 'array', items: {} }) } },
    });
    nameSchemas(document);
    expect(Object.keys(document.components!.schemas!)).toEqual(['Thing', 'AResponse', 'AResponse2']);
    expect(document.components!.schemas!.Thing).not.toHaveProperty('id');
  });

  it('leaves scalars, references and failures where they are', () => {
    const document = documentOf({
      '/a': { operationId: 'a', responses: { 200: json({ type: 'string' }), 404: json({ ...thing }) } },
    });
    nameSchemas(document);
    expect(document.components!.schemas).toEqual({});
  });
});
