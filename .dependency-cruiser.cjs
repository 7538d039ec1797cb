/**
 * The tiers of docs/architecture.md, as rules: imports go strictly downward. Every rule here has been seen to fail
 * on a wrong import (test/architecture).
 */
const MODULE_ORDER = [
  'audit',
  'auth',
  ['health', 'metrics', 'operations', 'environments'],
  'telemetry',
  ['anomaly-detection', 'forecasting', 'slo'],
  ['incidents', 'scaling-advice'],
  ['notifications', 'simulation', 'chatops', 'live'],
].map((level) => [level].flat());

/** A module imports only modules of the levels left of its own. */
const moduleOrderRules = MODULE_ORDER.flatMap((level, index) =>
  level.map((name) => {
    const notLeft = MODULE_ORDER.slice(index)
      .flat()
      .filter((other) => other !== name);
    return {
      name: `module-order-${name}`,
      comment: 'A module imports only modules left of it in the order of docs/architecture.md.',
      severity: 'error',
      from: { path: `^src/modules/${name}/` },
      to: { path: `^src/modules/(${notLeft.join('|')})/` },
    };
  }),
).filter((rule) => !rule.to.path.includes('()'));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^src/(engine|platform|modules|experimental|app)/|^src/main\\.ts' },
    },
    {
      name: 'engine-imports-kernel-only',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/(platform|modules|experimental|app)/|^src/main\\.ts' },
    },
    {
      name: 'engine-is-pure',
      comment: 'Engines know neither Nest nor a database nor any I/O: the same code rehearses and watches.',
      severity: 'error',
      from: {
        path: '^src/(engine|kernel)/',
        pathNot: ['\\.spec\\.ts$', '^src/kernel/ids\\.ts$', '^src/engine/scenario/'],
      },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 'scenario-language-reads-yaml',
      comment: 'The scenario language is text: yaml and zod, which do no I/O, and nothing else (ADR 0009).',
      severity: 'error',
      from: { path: '^src/engine/scenario/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: 'node_modules/(yaml|zod)/',
      },
    },
    {
      name: 'engine-order',
      comment: 'Scaling policies are part of a scenario, a scenario is what the simulation runs; never back.',
      severity: 'error',
      from: { path: '^src/engine/(scaling|scenario)/' },
      to: { path: '^src/engine/simulation/' },
    },
    {
      name: 'scaling-knows-no-scenario',
      severity: 'error',
      from: { path: '^src/engine/scaling/' },
      to: { path: '^src/engine/scenario/' },
    },
    {
      name: 'detection-knows-no-simulation',
      comment: 'What watches production knows nothing of rehearsals, nor of those who judge it.',
      severity: 'error',
      from: { path: '^src/engine/detection/' },
      to: { path: '^src/engine/(simulation|scenario|watch|scorecard)/' },
    },
    {
      name: 'watch-knows-no-score-card',
      comment: 'Detection, then the watch over scrapes, then the score card; never back.',
      severity: 'error',
      from: { path: '^src/engine/(watch|simulation)/' },
      to: { path: '^src/engine/scorecard/' },
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(engine|modules|experimental|app)/|^src/main\\.ts' },
    },
    {
      name: 'modules-stay-below-experimental-and-app',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/(experimental|app)/|^src/main\\.ts' },
    },
    {
      name: 'experiments-stand-alone',
      severity: 'error',
      from: { path: '^src/experimental/([^/]+)/' },
      to: { path: '^src/(app/|main\\.ts|experimental/(?!$1/))' },
    },
    {
      name: 'modules-meet-at-index',
      comment: "Another module's index.ts is its public surface.",
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/(?!$1/)[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'experiments-meet-modules-at-index',
      severity: 'error',
      from: { path: '^src/experimental/' },
      to: { path: '^src/modules/[^/]+/', pathNot: '/index\\.ts$' },
    },
    ...moduleOrderRules,
    {
      name: 'only-inference-loads-onnxruntime',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/inference/' },
      to: { path: 'node_modules/onnxruntime' },
    },
    {
      name: 'only-platform-talks-to-pg-and-redis',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/', '\\.spec\\.ts$'] },
      to: { path: 'node_modules/(pg|pg-copy-streams|ioredis|bullmq)/' },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { path: '^(src|migrations|web/src)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '\\.spec\\.tsx?$|^test/' },
    },
    {
      name: 'web-talks-http-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|migrations)/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|web/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
