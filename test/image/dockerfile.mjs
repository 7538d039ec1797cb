// Reads a Dockerfile as far as ours goes: stages, COPY, RUN, ENV, WORKDIR, USER, HEALTHCHECK and CMD.
import { readFileSync } from 'node:fs';

/** @returns {{ name: string, steps: { instruction: string, text: string, flags: Record<string, string> }[] }[]} */
export function readDockerfile(path) {
  const stages = [];
  for (const line of logicalLines(readFileSync(path, 'utf8'))) {
    const [, instruction, rest] = /^(\w+)\s+([^]*)$/.exec(line) ?? [];
    if (instruction === undefined) throw new Error(`not an instruction: ${line}`);
    if (instruction === 'FROM')
      stages.push({ name: / AS (\S+)$/i.exec(rest)?.[1] ?? String(stages.length), steps: [] });
    else if (instruction !== 'ARG' || stages.length > 0) stages.at(-1).steps.push({ instruction, ...splitFlags(rest) });
  }
  return stages;
}

/** `NAME=value NAME2="other value"` as an object. */
export function readPairs(text) {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name, value]) => [name, value.replace(/^"|"$/g, '')]),
  );
}

/** The command of `CMD [...]` or `HEALTHCHECK ... CMD [...]`. */
export function readCommand(text) {
  return JSON.parse(text.replace(/^CMD\s+/, ''));
}

/** Tells whether `.dockerignore` keeps a path out of the build. The last pattern that matches decides. */
export function readDockerignore(path) {
  const rules = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: toRegExp(line.replace(/^!/, '')) }));
  return (file) => rules.reduce((ignored, { keep, pattern }) => (pattern.test(file) ? !keep : ignored), false);
}

/** `*` stops at a slash, `**` does not; a folder stands for all that is in it. */
function toRegExp(pattern) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (part) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[part]);
  return new RegExp(`^${source}(?:/.*)?$`);
}

function logicalLines(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function splitFlags(rest) {
  const flags = {};
  let text = rest;
  for (let match = /^--([\w-]+)(?:=(\S+))?\s+/.exec(text); match; match = /^--([\w-]+)(?:=(\S+))?\s+/.exec(text)) {
    flags[match[1]] = match[2] ?? 'true';
    text = text.slice(match[0].length);
  }
  return { flags, text };
}
