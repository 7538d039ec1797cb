import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruise, rules, type Violation } from './support/dependency-rules.js';
import { PROJECT, readText } from './support/repository.js';

const modulesInOrder = rules()
  .map(({ name }) => /^module-order-(.*)$/.exec(name)?.[1])
  .filter((name) => name !== undefined);

/** For each rule: a file, and what it must not import. */
const WRONG: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  'no-circular': [['src/platform/cycle/a.ts', './b.js']],
  'kernel-imports-nothing': [['src/kernel/up.ts', '../engine/part/part.js']],
  'engine-imports-kernel-only': [
    ['src/engine/part/platform.ts', '../../platform/part/part.js'],
    ['src/engine/part/module.ts', '../../modules/audit/index.js'],
  ],
  'engine-is-pure': [
    ['src/engine/part/nest.ts', 'runtime-package'],
    ['src/engine/part/io.ts', 'node:fs'],
    ['src/kernel/io.ts', 'node:http'],
  ],
  'scenario-language-reads-yaml': [
    ['src/engine/scenario/nest.ts', 'runtime-package'],
    ['src/engine/scenario/io.ts', 'node:fs'],
  ],
  'engine-order': [
    ['src/engine/scaling/run.ts', '../simulation/simulation.js'],
    ['src/engine/scenario/run.ts', '../simulation/simulation.js'],
  ],
  'scaling-knows-no-scenario': [['src/engine/scaling/scenario.ts', '../scenario/scenario.js']],
  'detection-knows-no-simulation': [
    ['src/engine/detection/run.ts', '../simulation/simulation.js'],
    ['src/engine/detection/watch.ts', '../watch/watch.js'],
  ],
  'watch-knows-no-score-card': [
    ['src/engine/watch/card.ts', '../scorecard/score-card.js'],
    ['src/engine/simulation/card.ts', '../scorecard/score-card.js'],
  ],
  'platform-knows-no-domain': [
    ['src/platform/part/engine.ts', '../../engine/part/part.js'],
    ['src/platform/part/module.ts', '../../modules/audit/index.js'],
    ['src/platform/part/app.ts', '../../app/catalogue.js'],
  ],
  'modules-stay-below-experimental-and-app': [
    ['src/modules/audit/app.ts', '../../app/catalogue.js'],
    ['src/modules/audit/experiment.ts', '../../experimental/one/one.js'],
  ],
  'experiments-stand-alone': [
    ['src/experimental/one/other.ts', '../two/two.js'],
    ['src/experimental/one/app.ts', '../../app/catalogue.js'],
  ],
  'modules-meet-at-index': [['src/modules/auth/deep.ts', '../audit/audit.repository.js']],
  'experiments-meet-modules-at-index': [['src/experimental/one/deep.ts', '../../modules/audit/audit.repository.js']],
  'only-inference-loads-onnxruntime': [['src/modules/audit/model.ts', 'onnxruntime-node']],
  'only-platform-talks-to-pg-and-redis': [
    ['src/modules/audit/pg.ts', 'pg'],
    ['src/modules/audit/redis.ts', 'ioredis'],
    ['src/app/queue.ts', 'bullmq'],
  ],
  'no-test-code-in-product': [
    ['src/app/spec.ts', './thing.spec.js'],
    ['src/app/test.ts', '../../test/support/thing.js'],
  ],
  'web-talks-http-only': [['web/src/server.ts', '../../src/kernel/clock.js']],
  'no-dev-dependency-in-product': [['src/app/dev.ts', 'development-package']],
  'no-unresolvable': [['src/app/missing.ts', './nowhere.js']],
  // A module may import none that is not left of it; the last ones may not import each other.
  ...Object.fromEntries(
    modulesInOrder.map((name, index) => [
      `module-order-${name}`,
      modulesInOrder
        .slice(index + 1, index + 2)
        .concat(index === modulesInOrder.length - 1 ? modulesInOrder.slice(index - 1, index) : [])
        .map((other) => [`src/modules/${name}/right-of.ts`, `../${other}/index.js`] as const),
    ]),
  ),
};

/** What the rules are there to allow. */
const RIGHT: readonly (readonly [from: string, to: string])[] = [
  ['src/engine/part/part.ts', '../../kernel/clock.js'],
  ['src/platform/part/part.ts', '../../kernel/clock.js'],
  ['src/platform/inference/runner.ts', 'onnxruntime-node'],
  ['src/platform/database/pool.ts', 'pg'],
  ['src/modules/auth/uses-audit.ts', '../audit/index.js'],
  ['src/modules/notifications/uses-incidents.ts', '../incidents/index.js'],
  ['src/modules/telemetry/uses-engine.ts', '../../engine/part/part.js'],
  ['src/modules/audit/uses-package.ts', 'runtime-package'],
  ['src/experimental/one/uses-module.ts', '../../modules/audit/index.js'],
  ['src/app/uses-all.ts', '../modules/audit/audit.repository.js'],
  ['src/engine/part/part.spec.ts', 'development-package'],
  ['src/engine/simulation/uses-scenario.ts', '../scenario/scenario.js'],
  ['src/engine/watch/uses-simulation.ts', '../simulation/simulation.js'],
  ['src/engine/scorecard/uses-watch.ts', '../watch/watch.js'],
  ['migrations/1-first.ts', 'runtime-package'],
];

const TARGETS = ['src/kernel/clock.ts', 'src/app/catalogue.ts', 'src/app/thing.spec.ts', 'test/support/thing.ts']
  .concat(['src/engine/simulation/simulation.ts', 'src/engine/scenario/scenario.ts'])
  .concat(['src/engine/watch/watch.ts', 'src/engine/scorecard/score-card.ts'])
  .concat(['src/experimental/one/one.ts', 'src/experimental/two/two.ts', 'src/modules/audit/audit.repository.ts'])
  .concat(modulesInOrder.map((name) => `src/modules/${name}/index.ts`));

describe('the import rules', () => {
  it('hold in this repository', { timeout: 120_000 }, async () => {
    const violations = await cruise(PROJECT, 'src', 'web', 'migrations');

    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  describe('in a tree that breaks each of them', () => {
    let folder: string;
    let violations: readonly Violation[];

    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const writeImport = ([from, to]: readonly [string, string]): void =>
      write(from, `import * as it from '${to}';\nexport const used = it;\n`);

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dsim-imports-'));
      const dependencies = { 'runtime-package': '1', 'onnxruntime-node': '1', pg: '1', ioredis: '1', bullmq: '1' };
      const devDependencies = { 'development-package': '1' };
      write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies }));
      write('tsconfig.json', readText('tsconfig.json'));
      for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
        write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
        write(`node_modules/${name}/index.js`, 'exports.used = 1;\n');
      }
      for (const path of TARGETS) write(path, 'export const target = 1;\n');
      for (const pair of [...RIGHT, ...Object.values(WRONG).flat()]) writeImport(pair);
      write('src/platform/cycle/b.ts', "import * as it from './a.js';\nexport const used = it;\n");
      violations = await cruise(folder, 'src', 'web', 'migrations');
    }, 60_000);

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each(rules().map(({ name }) => name))('%s is noticed', (name) => {
      const wrong = WRONG[name] ?? [];

      expect(wrong, 'every rule has an example').not.toEqual([]);
      for (const [from] of wrong) {
        expect(violations.filter(({ rule }) => rule.name === name).map((violation) => violation.from)).toContain(from);
      }
    });

    it.each(RIGHT)('%s may import %s', (from) => {
      expect(violations.filter((violation) => violation.from === from)).toEqual([]);
    });
  });
});
