import { describe, expect, it } from 'vitest';
import { INVALID_SCENARIOS } from '../../../test/support/scenario/invalid-scenarios.js';
import { complaints, issuesOf, parseText, SMALL, small } from '../../../test/support/scenario/scenario-text.js';
import { LIMITS } from './limits.js';
import { InvalidScenarioError } from './scenario.errors.js';

describe('mistakes in a scenario', () => {
  it.each(INVALID_SCENARIOS)('says where $what is, and the cure', ({ text, line, column, path, says }) => {
    const issues = issuesOf(() => parseText(text));
    const wanted = { file: 'shop.yaml', line, column, path, message: expect.stringContaining(says) as unknown };
    expect(issues).toEqual(expect.arrayContaining([expect.objectContaining(wanted)]));
  });

  it.each(INVALID_SCENARIOS)('says nothing else about $what', ({ text }) => {
    // A misspelt key may leave its item without what it needs, which is a second mistake at the same place.
    expect(issuesOf(() => parseText(text)).length).toBeLessThanOrEqual(2);
  });

  it('lists all mistakes like a compiler, from top to bottom', () => {
    const text = SMALL.replace('work: 5ms', 'work: 5').replace('rate: 1 ', 'rate: -1 ');
    expect(complaints(text)).toEqual([
      'shop.yaml:4:11: services.web.work: must be a duration such as 250ms or 5s, not 5; write 5ms or 5s',
      'shop.yaml:17:34: load.buyers.rate: must be 0 to 1000000000, not -1',
    ]);
    expect(() => parseText(text)).toThrow(InvalidScenarioError);
    expect(() => parseText(text)).toThrow(complaints(text).join('\n'));
  });

  it('says of a later version that alone, as the rest may be right there', () => {
    expect(complaints(small('teleport: true\n').replace('dsim: 1', 'dsim: 3'))).toHaveLength(1);
  });

  it('lists a hundred mistakes and counts the rest', () => {
    const faults = Array.from({ length: 120 }, () => '  - { kind: pod-kill, at: 1m, target: { service: x } }');
    const text = small(`faults:\n${faults.join('\n')}\n`);
    expect(() => parseText(text)).toThrow(/and 20 more$/);
    expect(complaints(text)).toHaveLength(100);
  });
});

describe('includes', () => {
  it('names the file in which a mistake is', () => {
    expect(
      complaints(small('include: ./fleets/more.yaml\n'), { files: { 'fleets/more.yaml': '\nseed: -1\n' } }),
    ).toEqual(['fleets/more.yaml:2:7: seed: must be a whole number from 0 to 4294967295, not -1']);
  });

  it('says who asked for a file that is missing', () => {
    const files = { 'fleets/a.yaml': 'include: ../b.yaml\n' };
    expect(complaints(small('include: [fleets/a.yaml]\n'), { files })).toEqual([
      'fleets/a.yaml:1:10: include: cannot read "../b.yaml": no such file: b.yaml',
    ]);
  });

  it.each([
    [
      'itself',
      { 'shop.yaml': SMALL },
      'include: shop.yaml\n',
      'shop.yaml:18:10: include: includes itself: shop.yaml -> shop.yaml',
    ],
    [
      'a file that includes it',
      { 'a.yaml': 'include: shop.yaml\n' },
      'include: a.yaml\n',
      'a.yaml:1:10: include: includes itself: shop.yaml -> a.yaml -> shop.yaml',
    ],
  ])('refuses a file that includes %s', (_, files, more, message) => {
    expect(complaints(small(more), { files })).toEqual([message]);
  });

  it('refuses a chain that is too long, and more files than a scenario may have', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`${index}.yaml`, `include: ${index + 1}.yaml\n`]),
    );
    expect(complaints(small('include: 0.yaml\n'), { files: chain })).toEqual([
      `${LIMITS.includeDepth - 1}.yaml:1:10: include: includes go deeper than ${LIMITS.includeDepth} files`,
    ]);
    const many = Array.from({ length: LIMITS.files + 1 }, () => 'same.yaml').join(', ');
    expect(complaints(small(`include: [${many}]\n`), { files: { 'same.yaml': '{}' } })).toHaveLength(1);
  });

  it('refuses an included file of another version', () => {
    expect(complaints(small('include: new.yaml\n'), { files: { 'new.yaml': 'dsim: 2\n' } })).toEqual([
      expect.stringMatching(/^new\.yaml:1:7: dsim: this file is written in version 2/),
    ]);
  });

  it('lets the including file win, mapping by mapping, and adds up faults', () => {
    const base = `services: { web: { work: 5ms, replicas: 7 }, api: { work: 1ms } }
load: { users: { to: web, rate: 5 } }
faults: [{ kind: pod-kill, at: 1m, target: { service: web } }]
`;
    const own = `dsim: 1
include: base.yaml
services: { web: { replicas: 3 } }
faults: [{ kind: cpu-stress, at: 2m, target: { service: api } }]
`;
    const { services, faults, load } = parseText(own, { files: { 'base.yaml': base } });
    expect(services.map(({ name, replicas }) => [name, replicas])).toEqual([
      ['web', 3],
      ['api', 2],
    ]);
    expect(faults.map(({ kind }) => kind)).toEqual(['pod-kill', 'cpu-stress']);
    expect(load[0]?.rate).toBe(5);
  });
});

describe('overrides', () => {
  const FAULTS = 'faults: [{ kind: cpu-stress, name: slow, at: 1m, target: { service: web } }]\n';

  it('change what is there, by path, position or name, and add what may be left out', () => {
    const set = { 'services.web.replicas': '7', 'faults[0].cores': '2', 'faults[slow].at': '3m', seed: '9' };
    const scenario = parseText(small(FAULTS), { set });
    expect(scenario.services[0]?.replicas).toBe(7);
    expect(scenario.faults[0]).toMatchObject({ at: 180, settings: { cores: 2 } });
    expect(scenario.seed).toBe(9);
  });

  it.each([
    ['services.wb.replicas', '3', 'services has no "wb"; did you mean "web"?'],
    ['services.web.replica', '3', 'services.web.replica: unknown key; did you mean "replicas"?'],
    ['faults[5].at', '1m', 'faults has 1 items, the first is [0]'],
    ['faults[slw].at', '1m', 'faults has no item with the name "slw"; did you mean "slow"?'],
    ['services.web.work.p99', '1s', 'services.web.work is a single value and has no "p99"'],
    ['services..web', '1', 'is no path; write for example services.cart.replicas'],
    ['services.web.replicas', '[1', 'the value '],
    ['services.web.replicas', 'many', 'must be a whole number from 0 to 5000, not "many"'],
  ])('%s=%s: says why it does not fit', (path, value, message) => {
    const [line, ...more] = complaints(small(FAULTS), { set: { [path]: value } });
    expect(line).toContain(`--set ${path}=${value}`);
    expect(line).toContain(message);
    expect(more).toEqual([]);
  });
});
