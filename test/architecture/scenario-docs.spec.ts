import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileFleet } from '../../src/engine/simulation/model/compile-fleet.js';
import { buildReport } from '../../src/engine/simulation/report/build-report.js';
import { createSimulation, stepSimulation } from '../../src/engine/simulation/simulation.js';
import { compileSchema } from '../support/scenario/json-schema-validator.js';
import { complaints, parseText } from '../support/scenario/scenario-text.js';
import { readText } from './support/repository.js';

const DOCUMENT = 'docs/scenarios.md';
const document = readText(DOCUMENT);
const accepts = compileSchema(JSON.parse(readText('docs/scenario.schema.json')));

interface Block {
  readonly language: string;
  /** Name of the file that it shows. */
  readonly title?: string;
  readonly text: string;
  readonly line: number;
}

/** Fenced blocks of the text. */
function blocks(): Block[] {
  return [...document.matchAll(/^```(\w+)(?: title=(\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', title, text = ''], _, all) => ({
      language,
      ...(title !== undefined && { title }),
      text,
      line: document.slice(0, all.find(([, , , each]) => each === text)!.index).split('\n').length,
    }),
  );
}

const all = blocks();
const files = Object.fromEntries(all.flatMap(({ title, text }) => (title === undefined ? [] : [[title, text]])));
const yaml = all.filter(({ language }) => language === 'yaml');
const scenarios = yaml.filter(({ text }) => /^dsim:/m.test(text));
const complete = scenarios.find(({ text }) => text.includes('name: slow-database'))!.text;
/** Parts of a scenario, as they would stand in a file beside the complete example. */
const parts = yaml.filter(({ text }) => !/^dsim:/m.test(text));

describe('the examples of the documentation', () => {
  it('are found', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(6);
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(files)).toEqual(['requests.json', 'orders.csv']);
  });

  it.each(scenarios)(`${DOCUMENT}:$line is a scenario that can run, as pasted`, ({ text }) => {
    expect(complaints(text, { files })).toEqual([]);
    const scenario = parseText(text, { files });
    expect(scenario.notes).toEqual([]);
    expect(compileFleet(scenario).network.stations.length).toBeGreaterThan(0);
    expect(accepts(parse(text))).toBe(true);
  });

  it.each(scenarios.filter(({ text }) => /^expect:/m.test(text)))(
    `${DOCUMENT}:$line harms users, and meets its expectations`,
    ({ text }) => {
      const scenario = parseText(text, { files });
      const simulation = createSimulation(scenario);
      for (let step = 0; step < scenario.duration; step++) stepSimulation(simulation);
      const { expectations, slos } = buildReport(simulation);
      expect(expectations.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect(slos.every(({ harmSeconds }) => harmSeconds > 0)).toBe(true);
    },
  );

  it.each(parts)(`${DOCUMENT}:$line fits the complete example`, ({ text }) => {
    const rest = complete.replace(/^expect:[\s\S]*/m, '');
    const including = `include: ./base.yaml\n${text}`;
    expect(complaints(`dsim: 1\n${including}`, { files: { ...files, 'base.yaml': rest } })).toEqual([]);
    expect(accepts(parse(text))).toBe(true);
  });

  it('has every anchor that it links to', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-');
    const anchors = new Set([...[...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading))]);
    const links = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(50);
    expect([...new Set(links)].filter((link) => !anchors.has(link!))).toEqual([]);
  });
});
