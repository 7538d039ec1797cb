// Takes out of an installed production tree what this platform never loads: other platforms' ONNX Runtime binaries,
// type declarations and source maps of dependencies, and packages that are only optional peers at run time.
//   node src/app/launch/prune.mjs DIR
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2];
if (!root || !existsSync(join(root, 'node_modules'))) {
  console.error('usage: node prune.mjs DIR, where DIR holds node_modules of a production install');
  process.exit(2);
}
const modules = join(root, 'node_modules');
const before = sizeOf(modules);

const onnx = join(modules, 'onnxruntime-node', 'bin');
for (const abi of folders(onnx)) {
  for (const platform of folders(join(onnx, abi))) {
    const here = join(onnx, abi, platform);
    if (platform !== process.platform) remove(here);
    for (const arch of folders(here)) if (arch !== process.arch) remove(join(here, arch));
  }
}
// Optional peers that npm keeps although nothing imports them at run time.
for (const name of ['typescript']) remove(join(modules, name));
walk(modules);

console.log(`node_modules: ${megabytes(before)} MB before, ${megabytes(sizeOf(modules))} MB after`);

function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (/\.(d\.[cm]?ts|map|md|tsbuildinfo)$/i.test(entry.name) && !/licen[cs]e/i.test(entry.name)) rmSync(path);
  }
}

function folders(folder) {
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
