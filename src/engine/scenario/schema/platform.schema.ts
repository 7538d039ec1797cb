import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { bytes, choice, cores, count, duration, list, name, named, number, ratio, section, text } from './fields.js';

export const CLOUDS = ['aws', 'azure', 'gcp', 'digitalocean', 'on-premises'] as const;

export const regionSchema = section(
  {
    cloud: choice('Provider.', CLOUDS).prefault('aws'),
    location: text("The provider's name of the place, the label `region`. Left out: the name of the region.", {
      max: 60,
      example: 'eu-central-1',
    }).optional(),
    zones: z
      .union([
        count('How many.', 1, LIMITS.zonesPerRegion),
        list(name('Name of a zone.', 'eu-a'), 'Names.', LIMITS.zonesPerRegion, 1),
      ])
      .describe('How many, or their names. A number makes `eu-a`, `eu-b`... of region `eu`.')
      .prefault(3),
  },
  'A place of a provider.',
);

export const nodePoolSchema = section(
  {
    zones: list(
      name('Name of a zone.', 'eu-a'),
      'Zones over which the nodes are spread evenly. Left out: all of the region.',
      LIMITS.zonesPerRegion,
      1,
    ).optional(),
    nodes: count('Nodes at the start.', 0, LIMITS.nodesPerPool).prefault(3),
    min: count('Least nodes, for the cluster autoscaler. Left out: as many as at the start.', 0, LIMITS.nodesPerPool)
      .meta({ examples: [3] })
      .optional(),
    max: count('Most nodes, for the cluster autoscaler. Left out: as many as at the start.', 0, LIMITS.nodesPerPool)
      .meta({ examples: [9] })
      .optional(),
    cpu: cores('Allocatable CPU of a node.', { above: 0, max: 1024 }).prefault(4),
    memory: bytes('Allocatable memory of a node.', { above: 0, max: 2 ** 50 }).prefault('16Gi'),
    disk: bytes('Disk of a node.', { above: 0, max: 2 ** 60 }).prefault('100Gi'),
    price: number('US dollars per node and hour.', { min: 0, max: 10_000 }).prefault(0.2),
    startup: duration('From the request of a node until it is Ready.', { bare: true, max: 86_400 }).prefault('90s'),
  },
  'Nodes that are alike.',
);

const autoscaler = z
  .union([
    z.boolean({ error: 'must be true or false' }),
    section({
      scanInterval: duration('Between looks.', { bare: true, min: 1, max: 3600 }).prefault('10s'),
      scaleDownUtilization: ratio('A node is not needed when its pods request less than this share of it.').prefault(
        '50%',
      ),
      scaleDownUnneeded: duration('How long a node must be unneeded before it goes.', {
        bare: true,
        max: 86_400,
      }).prefault('10m'),
      scaleDownDelayAfterAdd: duration('After a scale-up no node goes for this long.', {
        bare: true,
        max: 86_400,
      }).prefault('10m'),
    }),
  ])
  .describe("Kubernetes' cluster autoscaler: true for its defaults, or its settings. Left out: off.")
  .prefault(false);

export const clusterSchema = section(
  {
    region: name('Region. Left out: the only one.', 'eu').optional(),
    nodePools: named(
      nodePoolSchema,
      'Node pools by name. Left out: one that is big enough.',
      LIMITS.nodePoolsPerCluster,
    )
      .meta({ minProperties: 1 })
      .optional(),
    autoscaler,
  },
  'A Kubernetes cluster.',
);

const trip = (description: string) => duration(description, { max: 60 });

export const latencySchema = section(
  {
    sameZone: trip('Within a zone.').prefault('200us'),
    sameRegion: trip('Between zones of a region.').prefault('1ms'),
    betweenRegions: trip('Between regions, where no pair says otherwise.').prefault('80ms'),
    pairs: list(
      section({
        between: list(name('Name of a region.', 'eu'), 'Two regions.', 2, 2),
        roundTrip: trip('In both directions.'),
      }),
      'Pairs of regions.',
      LIMITS.regions ** 2,
    ).prefault([]),
  },
  'Round trips of the network.',
);

export const platformSchema = section(
  {
    regions: named(regionSchema, 'Regions by name.', LIMITS.regions).optional(),
    clusters: named(clusterSchema, 'Clusters by name. Left out: one in each region.', LIMITS.clusters).optional(),
    latency: latencySchema.prefault({}),
  },
  'Where the fleet runs. Left out: one region, three zones, one cluster that is big enough.',
);

export type RawRegion = z.output<typeof regionSchema>;
export type RawCluster = z.output<typeof clusterSchema>;
export type RawNodePool = z.output<typeof nodePoolSchema>;
