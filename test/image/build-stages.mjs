// Performs the steps of a Dockerfile in plain folders: COPY as it says, RUN only in the stages that stay inside their
// working folder. What the last stage runs concerns the image's own system, and must not touch this machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readCommand, readDockerfile, readDockerignore, readPairs } from './dockerfile.mjs';

/** The files that a build would be sent: those that git does not ignore and .dockerignore does not leave out. */
export function collectContext(projectDir, target) {
  const ignored = readDockerignore(join(projectDir, '.dockerignore'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectDir,
    encoding: 'utf8',
  })
    .split('\0')
    .filter(Boolean);
  for (const file of tracked) {
    const source = join(projectDir, file);
    if (ignored(file) || !existsSync(source)) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(source, join(target, file));
  }
}

/** Builds every stage below `folder`; returns what the last one says about running it. */
export function buildStages(dockerfile, context, folder, say) {
  const stages = readDockerfile(dockerfile);
  const last = stages.at(-1);
  const image = {
    root: join(folder, last.name),
    workdir: '/',
    env: {},
    user: '',
    healthcheck: [],
    command: [],
    leftOut: [],
  };
  for (const stage of stages) {
    const root = join(folder, stage.name);
    let workdir = '/';
    for (const { instruction, text, flags } of stage.steps) {
      if (instruction === 'WORKDIR') mkdirSync(join(root, (workdir = text)), { recursive: true });
      else if (instruction === 'COPY') copy(flags.from ? join(folder, flags.from) : context, text, root, workdir);
      else if (instruction === 'RUN' && stage !== last) run(text, join(root, workdir), stage.name, say);
      else if (instruction === 'RUN') image.leftOut.push(text.replace(/\s+/g, ' '));
      else if (instruction === 'ENV' && stage === last) Object.assign(image.env, readPairs(text));
      else if (instruction === 'USER') image.user = text;
      else if (instruction === 'HEALTHCHECK') image.healthcheck = readCommand(text);
      else if (instruction === 'CMD') image.command = readCommand(text);
      else if (!['LABEL', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'ARG'].includes(instruction)) {
        throw new Error(`${instruction} is not known here; teach ${basename(import.meta.url)} about it`);
      }
    }
    if (stage === last) image.workdir = workdir;
  }
  return image;
}

function copy(from, text, root, workdir) {
  const paths = text.split(/\s+/);
  const target = paths.pop();
  const into = target.startsWith('/') ? join(root, target) : join(root, workdir, target);
  const intoFolder = target.endsWith('/') || target === '.';
  for (const source of paths.map((path) => join(from, path))) {
    if (!existsSync(source)) throw new Error(`COPY ${text}: there is no ${source}`);
    // A folder's contents are copied, not the folder itself.
    const to = lstatSync(source).isDirectory() || !intoFolder ? into : join(into, basename(source));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(source, to, { recursive: true, verbatimSymlinks: true });
  }
}

function run(command, cwd, stage, say) {
  const started = performance.now();
  const { HOME, PATH } = process.env;
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_(registry|cache|cafile)|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
  );
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
    cwd,
    env: { HOME, PATH, ...Object.fromEntries(passed) },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`stage ${stage}: \`${command}\` failed\n${stdout}\n${stderr}`);
  say(`stage ${stage}: ${command.replace(/\s+/g, ' ')} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  for (const line of stdout.split('\n').filter((text) => text.startsWith('node_modules:'))) say(`  ${line}`);
}

/** Takes every write bit away, from folders last. Links stay as they are. */
export function makeReadOnly(path) {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeReadOnly(join(path, name));
  chmodSync(path, stats.mode & 0o555);
}

export function sizeOf(path) {
  const stats = lstatSync(path);
  return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stats.size;
}
