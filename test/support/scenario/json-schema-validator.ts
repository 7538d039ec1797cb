import { createRequire } from 'node:module';

type Check = ((value: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };

export interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
}

interface Validator {
  compile(schema: unknown): Check;
}

/** Ajv is the validator that Fastify brings along: found from there, as the project does not depend on it itself. */
function loadAjv(): new (options: Readonly<Record<string, unknown>>) => Validator {
  const fromProject = createRequire(import.meta.url);
  const fromFastify = createRequire(fromProject.resolve('fastify'));
  const fromCompiler = createRequire(fromFastify.resolve('@fastify/ajv-compiler'));
  return (fromCompiler('ajv/dist/2020.js') as { default: ReturnType<typeof loadAjv> }).default;
}

/**
 * Compiles a JSON Schema of draft 2020-12 in strict mode: unknown keywords, keywords that never apply and required
 * properties that nobody declared are errors.
 */
export function compileSchema(schema: unknown): Check {
  return new (loadAjv())({ strict: true, strictRequired: true, allErrors: true }).compile(schema);
}
