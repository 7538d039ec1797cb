import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PROJECT_DIR } from './project.mjs';

/** Runs Node on a script and collects what it says. `tick` is called every few seconds with the seconds gone by. */
export function runNode(args, { tick, command = process.execPath, env = process.env, shell = false } = {}) {
  return new Promise((resolve) => {
    const started = Date.now();
    const timer =
      tick && setInterval(() => tick(Math.round((Date.now() - started) / 1000)), process.stderr.isTTY ? 500 : 5_000);
    const child = spawn(command, args, { cwd: PROJECT_DIR, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const end = (code, error) => {
      clearInterval(timer);
      resolve({ code, error, output, seconds: (Date.now() - started) / 1000 });
    };
    child.once('error', (error) => end(1, error));
    child.once('close', (code) => end(code ?? 1));
  });
}

/**
 * Hands the terminal to other programs until the first of them ends, then ends the others, and exits as it did.
 * Signals are passed on: whoever sends them to us alone (a process manager, npm) means all of us.
 */
export function handOver(commands) {
  const children = commands.map(({ args, env }) =>
    spawn(process.execPath, args, { cwd: PROJECT_DIR, env: { ...process.env, ...env }, stdio: 'inherit' }),
  );
  const signalAll = (signal) =>
    children.forEach((child) => child.exitCode === null && child.signalCode === null && child.kill(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signalAll(signal));
  onLauncherGone(() => signalAll('SIGTERM'));
  let result;
  let left = children.length;
  for (const child of children) {
    child.once('exit', (code, signal) => {
      result ??= code ?? (signal === 'SIGINT' ? 130 : 143);
      left -= 1;
      if (left === 0) process.exit(result);
      signalAll('SIGTERM');
    });
  }
}

/**
 * npm passes a signal to its shell, which may die without telling us, or npm is killed and leaves the shell behind:
 * either way one of our forebears changes.
 */
export function onLauncherGone(callback) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const before = forebears();
  const timer = setInterval(() => {
    if (forebears() === before) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}

/** Our parent and, where /proc tells, its parent. */
function forebears() {
  let grandparent = '';
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    grandparent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    // No /proc on this system: the parent must do.
  }
  return `${process.ppid} ${grandparent}`;
}

/** A line that rewrites itself in a terminal, and is repeated every few seconds in a log. */
export function progress(text) {
  const live = process.stderr.isTTY;
  process.stderr.write(live ? text : `${text}\n`);
  return {
    tick: (seconds) => process.stderr.write(live ? `\r${text} ${seconds} s` : `  still at it after ${seconds} s\n`),
    done: (seconds) =>
      process.stderr.write(live ? `\r${text} ${seconds.toFixed(1)} s\n` : `  done in ${seconds.toFixed(1)} s\n`),
    failed: () => process.stderr.write(live ? '\n' : ''),
  };
}
