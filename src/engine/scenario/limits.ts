/**
 * What a scenario may ask for. Files come from strangers (the API takes them): nothing in one may make the parser slow,
 * nor describe a fleet that no machine can simulate.
 */
export const LIMITS = {
  /** Characters of one file of YAML. */
  fileLength: 1_000_000,
  /** Tokens of one file of YAML, spaces and line ends included. */
  words: 250_000,
  /** Characters of all files of YAML together. */
  totalLength: 4_000_000,
  /** Characters of a replayed recording. */
  recordingLength: 50_000_000,
  /** Values in a document after its aliases are resolved (a "billion laughs" is small before). */
  nodes: 200_000,
  /** Mappings and lists inside each other. */
  depth: 60,
  /** Files that include each other. */
  includeDepth: 8,
  /** Files in all, manifests and recordings too. */
  files: 50,
  overrides: 200,
  regions: 50,
  zonesPerRegion: 10,
  clusters: 50,
  nodePoolsPerCluster: 20,
  nodesPerPool: 5000,
  services: 1000,
  operationsPerService: 50,
  callsPerOperation: 100,
  fanOut: 1000,
  /** Copies of a call that run one after another. */
  sequentialCalls: 50,
  /** Calls that one user's request causes in all. */
  callsPerRequest: 10_000,
  stores: 500,
  entryPoints: 200,
  partsPerEntryPoint: 50,
  replayPoints: 1_000_000,
  kubernetesObjects: 3000,
  faults: 500,
  changes: 1000,
  slos: 200,
  expectations: 500,
  /** Seconds. */
  duration: 366 * 86_400,
} as const;
