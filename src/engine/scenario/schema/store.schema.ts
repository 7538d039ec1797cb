import { z } from 'zod';
import { parseRatio, quantityValue } from '../units/quantity.js';
import { kindMessage, shown } from './advice.js';
import { amount, bytes, count, duration, flag, name, ratio, section } from './fields.js';
import { quantityForms, ratioForms } from './forms.js';
import { work } from './work.schema.js';

const cluster = name('Cluster where it stands. Left out: the first.', 'eu-1').optional();

const diskUsed = z
  .union([z.string(), z.number()], { error: 'must be a size such as 40Gi or a share such as 40%' })
  .meta({
    description: 'Part of the disk that is used at the start.',
    unit: 'share or size',
    examples: ['40%', '40Gi'],
    forms: [ratioForms({ min: 0, max: 1 })[0], ...quantityForms({ min: 0 })],
  })
  .transform((input, context): { readonly share: number } | { readonly bytes: number } => {
    const share = typeof input === 'string' ? parseRatio(input) : undefined;
    if (share !== undefined && share >= 0 && share <= 1) return { share };
    const size = quantityValue(input);
    if (share === undefined && size !== undefined && size >= 0) return { bytes: size };
    const message = `must be a size such as 40Gi or a share such as 40%, not ${shown(input)}`;
    context.issues.push({ code: 'custom', input, message });
    return z.NEVER;
  });

const database = section({
  kind: z.literal('database'),
  cluster,
  replicas: count('Read replicas beside the primary.', 0, 100).prefault(1),
  cores: count('Cores of an instance: queries worked on at once.', 1, 1024).prefault(4),
  memory: bytes('Memory of an instance.', { above: 0, max: 2 ** 50 }).prefault('16Gi'),
  disk: bytes('Disk of an instance.', { above: 0, max: 2 ** 60 }).prefault('100Gi'),
  diskUsed: diskUsed.prefault('40%'),
  bytesPerWrite: bytes('What a write adds to the disk.').prefault('1Ki'),
  maxConnections: count('Connections of an instance; more are refused.', 1, 1e6).prefault(200),
  read: work('Time of a read.').prefault('2ms'),
  write: work('Time of a write.').prefault('5ms'),
  contention: ratio('Writes slow down by this share for each other write that runs.', { min: 0, max: 100 }).prefault(
    '1%',
  ),
  replicationLag: duration('Lag of the replicas in the best of times.', { max: 86_400 }).prefault('50ms'),
  failover: duration('Time without a primary during a failover.', { bare: true, max: 86_400 }).prefault('30s'),
  readFromReplicas: flag('Reads go to the replicas while there are any that are at most 30 s behind.').prefault(true),
}).describe('A primary with read replicas. Operations: `read`, `write`.');

const cache = section({
  kind: z.literal('cache'),
  cluster,
  latency: work('Time of a look-up.').prefault('500us'),
  cores: count('Look-ups worked on at once.', 1, 1024).prefault(1),
  memory: bytes('Memory for entries.', { above: 0, max: 2 ** 50 }).prefault('1Gi'),
  hitRatio: ratio('Share of look-ups that find their entry when warm.').prefault('95%'),
  keys: amount('Distinct entries that the load asks for; filling them warms the cache.', {
    min: 1,
    max: 1e12,
  }).prefault('100k'),
  bytesPerKey: bytes('Memory of an entry.', { above: 0, max: 2 ** 40 }).prefault('1Ki'),
}).describe('A look-aside cache: the caller does `onMiss` where it has no entry. Operation: `get`.');

const queue = section({
  kind: z.literal('queue'),
  cluster,
  partitions: count('At most so many pods consume at once.', 1, 10_000).prefault(6),
  latency: work('Time of a publish.').prefault('2ms'),
}).describe('A queue or log broker; services take its messages by `consumes`. Operation: `publish`.');

const external = section({
  kind: z.literal('external'),
  region: name('Region where it stands. Left out: as far away as another region.', 'eu').optional(),
  latency: work('Time of an answer.').prefault({ mean: '100ms', p99: '400ms' }),
  errors: ratio('Share of calls that fail in the best of times.').prefault('0%'),
  rateLimit: amount('Requests per second above which it answers 429. Left out: none.', {
    above: 0,
    max: 1e9,
  }).optional(),
}).describe("Somebody else's service. Operation: `call`.");

export const storeSchema = z.discriminatedUnion('kind', [database, cache, queue, external], {
  error: kindMessage('kind', ['database', 'cache', 'queue', 'external']),
});

export type RawStore = z.output<typeof storeSchema>;
