import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);

/**
 * Loads a TypeScript module with everything that it imports, later dynamic imports included. Decorators work. The
 * modules are Node's own, so hot loops run as fast as in the compiled product.
 */
export function loadTypeScript(url) {
  return import(url.href);
}
