// Module hooks: TypeScript becomes plain modules of Node, file by file, by the compiler and settings of the product.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const project = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
const { config } = typescript.readConfigFile(project, typescript.sys.readFile);
const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, '.');
const compilerOptions = { ...options, sourceMap: false, module: typescript.ModuleKind.ESNext };

/** Our imports name what the compiler emits: `./x.js` beside a file that is still `./x.ts`. */
export async function resolve(specifier, context, next) {
  if (context.parentURL?.endsWith('.ts') && specifier.startsWith('.') && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    try {
      return await next(source.href, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const fileName = fileURLToPath(url);
  const text = await readFile(fileName, 'utf8');
  const { outputText } = typescript.transpileModule(text, { compilerOptions, fileName });
  return { format: 'module', source: outputText, shortCircuit: true };
}
