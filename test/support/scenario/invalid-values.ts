import { change, expecting, fault, platform, users, web, type MarkedRow } from './marked-rows.js';
import { SMALL, small } from './scenario-text.js';

export const KEYS: readonly MarkedRow[] = [
  ['a section that is misspelt', small('§fault: []\n'), 'fault', 'unknown key; did you mean "faults"?'],
  ['a field that is misspelt', web('work: 5ms\n    §replica: 3'), 'services.web.replica', 'did you mean "replicas"?'],
  [
    'a field of a call that is misspelt',
    SMALL.replace('onMiss:', '§onMis:'),
    'services.api.operations.read.calls[0].onMis',
    'did you mean "onMiss"?',
  ],
  [
    'a field of a store that is misspelt',
    SMALL.replace('kind: database', 'kind: database, §maxConnection: 3'),
    'stores.db.maxConnection',
    'did you mean "maxConnections"?',
  ],
  [
    'a part of the load that is misspelt',
    users('rate: 10, shape: [{ §dayly: { amplitude: 5% } }]'),
    'load.users.shape[0].dayly',
    'did you mean "daily"?',
  ],
  ['a change that is misspelt', change('{ at: 1m, §restrt: web }'), 'changes[0].restrt', 'did you mean "restart"?'],
  [
    'a name with capitals',
    SMALL.replace('  web:', '  §Web_1:'),
    'services.Web_1',
    'lower case letters, digits and hyphens',
  ],
];

export const UNITS: readonly MarkedRow[] = [
  ['a number where milliseconds are meant', web('work: §5'), 'services.web.work', 'not 5; write 5ms or 5s'],
  ['a word as unit', web('work: §5 msec'), 'services.web.work', 'not "5 msec"; write 5ms'],
  ['minutes in words', small('duration: §90 minutes\n'), 'duration', 'not "90 minutes"; write 90m'],
  [
    'bytes with a B',
    web('work: 5ms\n    memory: { base: §256MB }'),
    'services.web.memory.base',
    'write 256Mi, or 256M for powers of 1000',
  ],
  ['cores in words', web('work: 5ms\n    idleCpu: §2 cores'), 'services.web.idleCpu', 'not "2 cores"; write 2'],
  ['a rate in words', users('rate: §10 rps'), 'load.users.rate', 'not "10 rps"; write 10/s'],
  [
    'a percentage without its sign',
    fault('{ kind: pod-kill, at: 1m, target: { service: web, share: §50 } }'),
    'faults[0].target.share',
    'must be 0% to 100%, not 50; write 50%',
  ],
  [
    'an objective without its sign',
    small('slos: [{ name: a, entry: users, objective: §99.9 }]\n'),
    'slos[0].objective',
    'write 99.9%',
  ],
  ['a number in quotes', web("work: 5ms\n    replicas: §'3'"), 'services.web.replicas', 'write 3 without quotes'],
  [
    'a version without quotes',
    change('{ at: 1m, deploy: { service: web, version: §1.10 } }'),
    'changes[0].deploy.version',
    'put it in quotes',
  ],
  ['no number', users('rate: §.nan'), 'load.users.rate', 'must be a rate per second'],
];

export const RANGES: readonly MarkedRow[] = [
  ['too many replicas', web('work: 5ms\n    replicas: §100000'), 'services.web.replicas', 'from 0 to 5000, not 100000'],
  [
    'half a replica',
    web('work: 5ms\n    replicas: §2.5'),
    'services.web.replicas',
    'whole number from 0 to 5000, not 2.5',
  ],
  ['a negative rate', users('rate: §-10'), 'load.users.rate', 'must be 0 to 1000000000, not -10'],
  ['no time at all', small('duration: §0\n'), 'duration', 'must be 1s to 366d'],
  [
    'more than all calls',
    fault('{ kind: network-loss, at: 1m, target: { service: web }, ratio: §150% }'),
    'faults[0].ratio',
    'must be 0% to 100%, not "150%"',
  ],
  ['an impossible tail', web('work: { mean: 5ms, p99: §1s }'), 'services.web.work.p99', 'must be 5ms to 74.5ms', false],
  [
    'quantiles that fall',
    web('work: { empirical: [5ms, §1ms] }'),
    'services.web.work.empirical[1]',
    'quantiles must not fall',
    false,
  ],
  ['two distributions', web('work: §{ mean: 5ms, exponential: 5ms }'), 'services.web.work', 'exactly one of mean'],
  [
    'a request above its limit',
    web('work: 5ms\n    resources: { requests: { cpu: §2 }, limits: { cpu: 1 } }'),
    'services.web.resources.requests.cpu',
    'less than or equal to cpu limit',
    false,
  ],
  [
    'a rollout that cannot move',
    web('work: 5ms\n    rollout: { strategy: rolling, maxSurge: 0, maxUnavailable: §0 }'),
    'services.web.rollout.maxUnavailable',
    'may not be 0 when maxSurge is 0',
    false,
  ],
  [
    'a week of six days',
    users('rate: 10, shape: [{ weekly: §[1, 1, 1, 1, 1, 1] }]'),
    'load.users.shape[0].weekly',
    'needs at least 7',
  ],
  [
    'a range that ends before it starts',
    expecting('{ service: web, replicas: { final: §8..4 } }'),
    'expect[0].replicas.final',
    'ends before it starts',
    false,
  ],
  [
    'a ramp longer than its fault',
    fault('{ kind: cpu-stress, at: 1m, for: 1m, ramp: §2m, target: { service: web } }'),
    'faults[0].ramp',
    'longer than the fault lasts',
    false,
  ],
  [
    'a region without zones',
    platform('{ regions: { eu: { zones: §0 } } }'),
    'platform.regions.eu.zones',
    'from 1 to 10, not 0',
  ],
  [
    'a pool whose least is more than its most',
    platform('{ clusters: { a: { autoscaler: true, nodePools: { g: { min: §5, max: 4 } } } } }'),
    'platform.clusters.a.nodePools.g.min',
    'is more than max, which is 4',
    false,
  ],
];
