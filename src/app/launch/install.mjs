import { existsSync } from 'node:fs';
import { LaunchError, PROJECT_DIR, fingerprint, inProject, readJson, say, writeJson } from './project.mjs';
import { progress, runNode } from './run-program.mjs';

const STAMP = inProject('node_modules/.devops-simulator-install.json');

/** Installs from the lock file where packages are missing or the lock file has changed; needs no network otherwise. */
export async function ensureInstalled() {
  const wanted = { lock: fingerprint(['package-lock.json']), platform: `${process.platform}-${process.arch}` };
  const stamp = readJson(STAMP);
  if (stamp?.lock === wanted.lock && stamp.platform === wanted.platform) return;
  // Somebody else may have installed: npm by hand, an image build. What npm notes about it decides.
  if (!matchesLock()) await install();
  try {
    writeJson(STAMP, wanted);
  } catch {
    // A folder that is not ours to write: the comparison above simply runs at every start.
  }
}

/** Compares npm's note of what is installed with the lock file; packages for other platforms may be missing. */
function matchesLock() {
  const wanted = readJson(inProject('package-lock.json'))?.packages;
  const installed = readJson(inProject('node_modules/.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = installed[path];
    return found
      ? found.version === entry.version && existsSync(inProject(path))
      : entry.optional === true || entry.peer === true;
  });
}

async function install() {
  const line = progress('Installing packages from the lock file (once; about half a minute) ...');
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  const { code, error, output, seconds } = await runNpm(args, line.tick);
  if (code === 0) return line.done(seconds);
  line.failed();
  if (error === undefined) say(output.trim());
  throw new LaunchError(explain(error, output));
}

function runNpm(args, tick) {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)) return runNode([npm, ...args], { tick });
  return runNode(args, { tick, command: 'npm', shell: process.platform === 'win32' });
}

function explain(error, output) {
  if (error?.code === 'ENOENT' || /npm: (command )?not found/.test(output)) {
    return 'npm was not found. It comes with Node: install Node from https://nodejs.org, or run `npm ci` with your own npm, and start again.';
  }
  if (/EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i.test(output)) {
    return 'The packages could not be fetched: no way to the npm registry. Connect this machine to the network (behind a proxy: `npm config set proxy <url>`) and start again. Later starts need no network.';
  }
  if (/EUSAGE|can only install packages when your package\.json and package-lock\.json/i.test(output)) {
    return 'package.json and package-lock.json do not belong together. Restore them (`git checkout package.json package-lock.json`), or run `npm install` if you changed them on purpose.';
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `This user may not write ${PROJECT_DIR}node_modules. Start as the user who owns the folder, or give it to this one with chown -R.`;
  }
  if (/ENOSPC/.test(output))
    return `The disk that holds ${PROJECT_DIR} is full; the packages need 700 MB. Free some space and start again.`;
  if (/E40[134]|EINTEGRITY/.test(output)) {
    return 'The npm registry refused a package or sent another than the lock file names. Check `npm config get registry` and start again.';
  }
  return 'The packages could not be installed; npm says why above. Start again when that is cured.';
}
