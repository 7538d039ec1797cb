import type { Path, Tree } from '../text/tree.types.js';

/** A Kubernetes object of the scenario, not yet read. */
export interface PastedObject {
  readonly kind: string;
  readonly tree: Tree;
  /** In the scenario. */
  readonly path: Path;
  /** Only in these clusters; undefined: in all of the service. */
  readonly clusters?: readonly string[];
}
