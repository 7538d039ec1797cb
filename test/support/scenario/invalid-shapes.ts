import { change, expecting, users, web, type MarkedRow } from './marked-rows.js';
import { SMALL, small } from './scenario-text.js';

export const SHAPES: readonly MarkedRow[] = [
  [
    'no version',
    SMALL.replace('dsim: 1\n', '').replace('services:', '§services:'),
    'dsim',
    'is missing; a scenario starts with `dsim: 1`',
    false,
  ],
  ['services in a list', 'dsim: 1\nservices: §[web]\n', 'services', 'must be a mapping from names'],
  ['faults in a mapping', small('faults: §{ kind: pod-kill, at: 1m }\n'), 'faults', 'put `- ` in front of each item'],
  [
    'a service of nothing',
    SMALL.replace('    work: 5ms\n', '').replace('  web:', '  §web:'),
    'services.web',
    'needs `operations`, or `work`',
  ],
  [
    'an operation beside operations',
    SMALL.replace('  api:\n', '  api:\n    §cpu: 5ms\n'),
    'services.api.cpu',
    'belongs into one of the operations',
  ],
  [
    'users that never come',
    SMALL.replace('users: { to: web, rate: 10 }', '§users: { to: web }'),
    'load.users',
    'needs either `rate` or `replay`',
  ],
  [
    'two loads at once',
    SMALL.replace('users: { to: web, rate: 10 }', '§users: { to: web, rate: 10, replay: { points: [[0, 1]] } }'),
    'load.users',
    'needs either `rate` or `replay`',
  ],
  [
    'two parts in one item',
    users('rate: 10, shape: [§{ trend: { perDay: 1% }, weekly: [1, 1, 1, 1, 1, 1, 1] }]'),
    'load.users.shape[0]',
    'give exactly one of daily, weekly',
  ],
  [
    'two changes in one item',
    change('§{ at: 1m, restart: web, rollback: web }'),
    'changes[0]',
    'give exactly one of deploy, rollback',
  ],
  ['a change of nothing', change('§{ at: 1m }'), 'changes[0]', 'give exactly one of deploy, rollback'],
  ['an expectation of nothing', expecting('§{ service: web }'), 'expect[0]', 'says nothing; give replicas'],
  [
    'a measure without subject',
    expecting('{ §latency: { p99: at most 1s } }'),
    'expect[0].latency',
    'needs a subject: entry',
  ],
  [
    'the measure of another subject',
    expecting('{ service: web, §latency: { p99: at most 1s } }'),
    'expect[0].latency',
    'is no measure of a service; it has replicas',
  ],
  [
    'a bound in no form',
    expecting('{ entry: users, latency: { p99: §1s } }'),
    'expect[0].latency.p99',
    'must be `at most 5m`, `at least 5m` or a range a..b, not "1s"',
  ],
  [
    'a strategy without braces',
    web('work: 5ms\n    rollout: §canary'),
    'services.web.rollout',
    'write { strategy: canary }',
  ],
  [
    'points of one number',
    users('replay: { points: [§[1m]] }'),
    'load.users.replay.points[0]',
    'must be [time, rate], for example [10m, 120]',
  ],
  [
    'points out of order',
    users('replay: { points: [[1m, 1], §[30s, 2]] }'),
    'load.users.replay.points[1]',
    'times must ascend',
    false,
  ],
  [
    'a request that waits for itself',
    SMALL.replace('  worker: { work: 20ms,', '  §worker: { work: 20ms, calls: [worker],'),
    'services.worker',
    'a request would wait for itself: worker.request -> worker.request',
    false,
  ],
  [
    'two services that wait for each other',
    SMALL.replace('[db.write, jobs]', '[web]').replace('[api.read]', '[api.order]').replace('  web:', '  §web:'),
    'services.web',
    'web.request -> api.order -> web.request',
    false,
  ],
  [
    'more calls than can be made',
    web(
      'work: 5ms\n    §calls: [{ call: api.read, fanOut: 1000 }, { call: api.read, fanOut: 1000 }, { call: api.read, fanOut: 1000 }, { call: api.read, fanOut: 1000 }]',
    )
      .replace('    calls: [api.read]\n', '')
      .replace('§', '')
      .replace('  web:', '  §web:'),
    'services.web',
    'one request causes more than 10000 calls',
    false,
  ],
];

export const TEXT: readonly MarkedRow[] = [
  ['nothing', '§', '', 'is empty; a scenario starts with `dsim: 1`', false],
  ['a word', '§hello', '', 'must be a mapping that starts with `dsim: 1`', false],
  ['a list', '§- a', '', 'must be a mapping that starts with `dsim: 1`', false],
  ['tabs', 'dsim: 1\nservices:\n§\tweb: { work: 5ms }\n', '', 'Tabs are not allowed as indentation', false],
  ['a bracket that stays open', 'dsim: 1\nservices: { web: { work: 5ms }§', '', 'end with a }', false],
  ['a quote that stays open', 'dsim: 1\ntitle: "abc\n§', '', 'Missing closing "quote', false],
  ['a colon in a text', 'dsim: 1\ntitle: §a: b\n', '', 'Nested mappings are not allowed in compact mappings', false],
  [
    'indentation that does not fit',
    'dsim: 1\nservices:\n  web:\n    work: 5ms\n§   calls: []\n',
    '',
    'must start at the same column',
    false,
  ],
  ['a key given twice', small('§load: {}\n'), 'load', '"load" is given twice; the first is at line 15', false],
  [
    'a service given twice',
    SMALL.replace('  api:\n', '  §web: { work: 5ms }\n  api:\n'),
    'services.web',
    '"web" is given twice; the first is at line 3',
    false,
  ],
  ['a second document', small('---\n§dsim: 1\n'), '', 'a scenario is one document', false],
  ['an alias of nothing', 'dsim: 1\nservices: §*all\n', 'services', '*all refers to no anchor before it', false],
  [
    'an alias of itself',
    'dsim: 1\nservices: &all\n  web: §*all\n',
    'services.web',
    '*all refers to no anchor before it',
    false,
  ],
  ['a merge of no mapping', 'dsim: 1\nservices: §{ <<: 5 }\n', 'services', '"<<" merges mappings only', false],
  ['an unknown tag', 'dsim: 1\nservices: { web: §!pod { work: 5ms } }\n', '', 'Unresolved tag: !pod', false],
  [
    'a reserved name',
    'dsim: 1\nservices: { §__proto__: { work: 5ms } }\n',
    'services.__proto__',
    '"__proto__" is reserved',
    false,
  ],
];

export const VERSIONS: readonly MarkedRow[] = [
  [
    'a version to come',
    SMALL.replace('dsim: 1', 'dsim: §2'),
    'dsim',
    'written in version 2 of the language, and this build reads version 1; update DevOps Simulator',
  ],
  [
    'a version before the first',
    SMALL.replace('dsim: 1', 'dsim: §0'),
    'dsim',
    'must be 1, the version of the language',
  ],
  ['a broken version', SMALL.replace('dsim: 1', 'dsim: §1.5'), 'dsim', 'must be 1, the version of the language'],
  [
    'a version in quotes',
    SMALL.replace('dsim: 1', "dsim: §'1'"),
    'dsim',
    'must be 1, the version of the language, without quotes',
  ],
  [
    'a version of the product',
    SMALL.replace('dsim: 1', 'dsim: §v0.1.0'),
    'dsim',
    'must be 1, the version of the language',
  ],
];
