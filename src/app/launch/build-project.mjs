import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { LaunchError, filesBelow, fingerprint, inProject, readJson, say, writeJson } from './project.mjs';
import { progress, runNode } from './run-program.mjs';

const STAMP = inProject('dist/.build.json');
const SHARED = ['package-lock.json', 'tsconfig.json'];

/** What is built from what. `--noCheck` leaves the types to `npm run typecheck`: a start should not take longer for them. */
const TARGETS = [
  {
    name: 'server',
    sources: [...SHARED, 'src'],
    accept: (file) => !file.endsWith('.spec.ts') && !file.endsWith('.mjs'),
    result: 'dist/main.js',
    command: (check) => ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', ...(check ? [] : ['--noCheck'])],
    stale: () => staleOutputs('dist', 'src', /^(web|migrations)(\/|\\|$)/),
  },
  {
    name: 'migrations',
    sources: [...SHARED, 'migrations'],
    accept: (file) => !file.endsWith('.sql'),
    result: 'dist/migrations',
    command: (check) => [
      'node_modules/typescript/bin/tsc',
      '-p',
      'migrations/tsconfig.json',
      ...(check ? [] : ['--noCheck']),
    ],
    stale: () => staleOutputs('dist/migrations', 'migrations', /^$/),
  },
  {
    name: 'web',
    sources: ['package-lock.json', 'web'],
    accept: () => true,
    result: 'dist/web/index.html',
    command: () => ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
    stale: () => [],
  },
].filter(({ name }) => name !== 'web' || existsSync(inProject('web/vite.config.ts')));

/**
 * Builds what is older than its sources, all at once. With `check`, types too, and everything whatever its age; with
 * `only`, the targets of these names and no others.
 */
export async function ensureBuilt({ check = false, only } = {}) {
  // An image holds only the result.
  if (!existsSync(inProject('src/main.ts'))) return;
  const stamp = readJson(STAMP) ?? {};
  const due = TARGETS.filter(({ name }) => only?.includes(name) ?? true)
    .map((target) => ({ ...target, print: fingerprint(target.sources, target.accept) }))
    .filter(({ name, print, result }) => check || stamp[name] !== print || !existsSync(inProject(result)));
  if (due.length === 0) return;
  const line = progress(`Building ${due.map(({ name }) => name).join(', ')} ...`);
  const started = Date.now();
  const results = await Promise.all(due.map((target) => build(target, check, line.tick)));
  const failed = results.filter(({ code }) => code !== 0);
  if (failed.length > 0) {
    line.failed();
    for (const { name, output } of failed) say(`The build of ${name} failed:\n${output.trim()}`);
    throw new LaunchError(explain(failed));
  }
  line.done((Date.now() - started) / 1000);
  writeJson(STAMP, { ...stamp, ...Object.fromEntries(due.map(({ name, print }) => [name, print])) });
}

async function build(target, check, tick) {
  // Incremental compilers trust their notes: where the result was deleted, the notes must go too.
  if (!existsSync(inProject(target.result))) {
    for (const note of ['.tsbuildinfo'])
      rmSync(inProject(target.name === 'migrations' ? 'dist/migrations' : 'dist', note), { force: true });
  }
  const { code, output } = await runNode(target.command(check), { tick: target.name === 'server' ? tick : undefined });
  if (code === 0) for (const file of target.stale()) rmSync(file, { force: true });
  return { name: target.name, code, output };
}

/** Results whose source is gone: a migration that was renamed must not run under its old name. */
function staleOutputs(output, sources, except) {
  return filesBelow(inProject(output)).filter((file) => {
    const path = relative(inProject(output), file);
    return (
      /\.js(\.map)?$/.test(path) &&
      !except.test(path) &&
      !existsSync(inProject(sources, path.replace(/\.js(\.map)?$/, '.ts')))
    );
  });
}

function explain(failed) {
  const output = failed.map((result) => result.output).join('\n');
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `This user may not write ${inProject('dist')}. Start as the user who owns the folder, or give it to this one with chown -R.`;
  }
  if (/ENOSPC/.test(output)) return `The disk that holds ${inProject('')} is full. Free some space and start again.`;
  return 'The sources do not build; the compiler says why above. A fresh clone builds: compare with `git status`.';
}
