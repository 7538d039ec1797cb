import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingTerminal } from '../../../test/support/simulation/recording-terminal.js';
import { FAULT_KINDS } from '../../engine/scenario/fault.types.js';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { COMMAND_HELP } from './help/command-help.js';
import { main } from './main.js';

let here: string;
beforeEach(() => (here = mkdtempSync(join(tmpdir(), 'dsim-main-'))));
afterEach(() => rmSync(here, { recursive: true, force: true }));

async function dsim(...args: readonly string[]) {
  const terminal = new RecordingTerminal();
  const code = await main(args, terminal);
  return { code, out: terminal.stdout, err: terminal.stderr };
}

describe('help', () => {
  it('lists the commands, and is what an empty command line gets, with exit code 2', async () => {
    const { code, out } = await dsim('--help');
    expect(code).toBe(0);
    for (const name of Object.keys(COMMAND_HELP)) expect(out).toContain(`\n  ${name} `);
    expect(await dsim()).toEqual({ code: 2, out: '', err: out });
  });

  it.each(Object.keys(COMMAND_HELP))('teaches %s in all its forms, with examples', async (name) => {
    const { code, out } = await dsim('help', name);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: dsim ${name}`);
    expect(out).toContain('Examples:');
    expect(await dsim(name, '--help')).toMatchObject({ code: 0, out });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('the guide', () => {
  it('knows every command and every option', () => {
    const guide = readFileSync(join(PROJECT_DIR, 'docs/dsim.md'), 'utf8');
    for (const [name, { options }] of Object.entries(COMMAND_HELP)) {
      expect(guide).toContain(`### dsim ${name}`);
      const flags = options.flatMap(([flag]) => flag.match(/--[\w-]+/g) ?? []).filter((flag) => flag !== '--help');
      for (const flag of flags) expect(guide, `${name} ${flag}`).toContain(flag);
    }
  });
});

describe('bad usage', () => {
  it.each([
    [['runn'], 'dsim has no command "runn". Did you mean run?'],
    [['help', 'nothing'], 'dsim has no command "nothing".'],
    [['run', 'blackfriday'], 'Did you mean black-friday?'],
    [['run', './none.yaml'], 'There is no file ./none.yaml.'],
    [['validate'], 'Which scenarios?'],
    [['explain'], 'takes one scenario'],
    [['list', '/nowhere/at/all'], 'There is no folder'],
    [['list', '--fautls'], 'Did you mean --faults?'],
  ])('%j', async (args, message) => {
    const { code, out, err } = await dsim(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

describe('list', () => {
  it('names every kind of fault with its settings', async () => {
    const { out } = await dsim('list', '--faults');
    for (const [kind, { settings }] of Object.entries(FAULT_KINDS)) {
      expect(out).toContain(`${kind}: `);
      for (const name of Object.keys(settings)) expect(out).toContain(`    ${name}: `);
    }
  });

  it('shows the scenarios of a folder, and nothing that is none', async () => {
    writeFileSync(join(here, 'b.yaml'), 'dsim: 1\ntitle: Second\nteaches: Something.\n');
    writeFileSync(join(here, 'a.yml'), 'dsim: 1\ntitle: First\n');
    writeFileSync(join(here, 'compose.yaml'), 'services: {}\n');
    writeFileSync(join(here, 'broken.yaml'), 'a: [');
    const { out } = await dsim('list', here, '--json');
    expect(JSON.parse(out)).toEqual([
      { name: 'a', title: 'First', teaches: '' },
      { name: 'b', title: 'Second', teaches: 'Something.' },
    ]);
  });
});

describe('validate', () => {
  it('prints mistakes like a compiler, of all files', async () => {
    const bad = join(here, 'bad.yaml');
    writeFileSync(bad, 'dsim: 1\nname: bad\nduration: soon\n');
    const { code, out, err } = await dsim('validate', bad, 'calm-day');
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^${bad}:3:\\d+: duration: `, 'm'));
    expect(out).toContain('calm-day');
  });

  it('says what is written and has no effect, as run and explain do, and stays valid', async () => {
    const file = join(here, 'late.yaml');
    const text = readFileSync(join(PROJECT_DIR, 'scenarios/certificate-expiry.yaml'), 'utf8');
    writeFileSync(file, text.replace(/duration: .*/, 'duration: 1m').replace(/^expect:[^]*/m, ''));
    const place = new RegExp(`^${file}:\\d+:\\d+: note: faults\\[0\\]\\.at: `, 'm');
    expect(await dsim('validate', file)).toMatchObject({ code: 0, out: expect.stringMatching(place), err: '' });
    expect((await dsim('explain', file)).out).toMatch(place);
    expect((await dsim('run', file, '--no-ground-truth', '--json')).err).toMatch(place);
    expect((await dsim('run', file, '--no-ground-truth', '--quiet')).err).toBe('');
  });
});
