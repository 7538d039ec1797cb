export type CloudProvider = 'aws' | 'azure' | 'gcp' | 'digitalocean' | 'on-premises';

export interface PlatformSpec {
  readonly regions: readonly RegionSpec[];
  readonly clusters: readonly ClusterSpec[];
  readonly latency: NetworkLatencySpec;
}

export interface RegionSpec {
  readonly name: string;
  readonly cloud: CloudProvider;
  /** The provider's name of the place (`eu-central-1`); label `region`. */
  readonly location: string;
  readonly zones: readonly string[];
}

/** Round trips between parts of the fleet, seconds. Users have none: their time counts from the door of the cluster. */
export interface NetworkLatencySpec {
  readonly sameZone: number;
  readonly sameRegion: number;
  readonly betweenRegions: number;
  /** Named pairs of regions override `betweenRegions`, in both directions. */
  readonly pairs: readonly { readonly a: string; readonly b: string; readonly roundTrip: number }[];
}

export interface ClusterSpec {
  readonly name: string;
  readonly region: string;
  readonly nodePools: readonly NodePoolSpec[];
  readonly autoscaler: ClusterAutoscalerSpec | null;
}

export interface NodePoolSpec {
  readonly name: string;
  /** Spread evenly over these zones of the cluster's region. */
  readonly zones: readonly string[];
  readonly nodes: number;
  /** Bounds of the cluster autoscaler. */
  readonly min: number;
  readonly max: number;
  /** Allocatable cores of a node. */
  readonly cpu: number;
  /** Allocatable bytes of a node. */
  readonly memory: number;
  /** Bytes. */
  readonly disk: number;
  /** US dollars per node and hour. */
  readonly price: number;
  /** Seconds from the request to a node that is Ready. */
  readonly startup: number;
}

/** The defaults are those of Kubernetes' cluster autoscaler (FAQ, "What are the parameters to CA?"). */
export interface ClusterAutoscalerSpec {
  /** Seconds between looks; default 10. */
  readonly scanInterval: number;
  /** A node is not needed when its pods request less than this share of it; default 0.5. */
  readonly scaleDownUtilization: number;
  /** Seconds that a node must be unneeded before it goes; default 600. */
  readonly scaleDownUnneeded: number;
  /** Seconds after a scale-up in which no node goes; default 600. */
  readonly scaleDownDelayAfterAdd: number;
}
