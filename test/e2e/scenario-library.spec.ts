import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/engine/simulation/report/report.types.js';
import { DsimProcess } from '../support/simulation/dsim-process.js';

const FOLDER = new URL('../../scenarios/', import.meta.url);
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []));

beforeAll(async () => {
  // The first one may have to build.
  expect((await DsimProcess.run(['--version'])).code).toBe(0);
});

async function run(name: string, ...settings: string[]): Promise<RunReport> {
  const sets = settings.flatMap((setting) => ['--set', setting]);
  // The demo is meant to go on for a month.
  const hours = name === 'demo' ? ['--hours', '6'] : [];
  const { stdout, stderr } = await DsimProcess.run(['run', name, '--json', '--no-ground-truth', ...hours, ...sets]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as RunReport;
}

describe('the library of scenarios', () => {
  it.each(NAMES)('%s keeps what it promises', async (name) => {
    const { scenario, expectations } = await run(name);
    expect(scenario.name).toBe(name);
    expect(scenario.teaches.length).toBeGreaterThan(100);
    if (name !== 'demo') expect(expectations.length).toBeGreaterThan(0);
    expect(expectations.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });
});

/** What the text of a scenario says comes of another setting. */
describe('what scenarios suggest to try', () => {
  it('ends a retry storm by budgets of callers and users, not by one of the two', async () => {
    const callers = 'services.web.operations.search.calls[0].retries.budget=10%';
    const users = 'load.search.client.retries.budget=10%';
    const harm = async (...settings: string[]) =>
      (await run('metastable-retries', ...settings)).slos.find(({ name }) => name === 'searching')!.harmSeconds;
    expect(await harm()).toBeGreaterThan(3600);
    expect(await harm(callers)).toBeGreaterThan(3600);
    expect(await harm(users)).toBeGreaterThan(3600);
    expect(await harm(callers, users)).toBeLessThan(900);
  });

  it('holds a flapping autoscaler by its stabilization window', async () => {
    const window = 'kubernetes[0].spec.behavior.scaleDown.stabilizationWindowSeconds=300';
    const changes = async (...settings: string[]) =>
      (await run('hpa-flapping', ...settings)).expectations.find(({ unit }) => unit === 'changes')!.measured!;
    expect(await changes(window)).toBeLessThan((await changes()) / 2);
  });

  it('hides failures behind retries where they are fast', async () => {
    const bad = async (...settings: string[]) =>
      (await run('large-fleet', ...settings)).slos.reduce((sum, slo) => sum + slo.bad, 0);
    expect(await bad('faults[0].factor=100')).toBeLessThan((await bad()) / 10);
  });
});
