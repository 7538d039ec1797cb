import type { HorizontalPodAutoscaler } from '../../scaling/hpa/hpa.types.js';
import type { ScaledObject } from '../../scaling/keda/scaled-object.types.js';

/** A pasted autoscaler after its own checks, not yet bound to anything. */
export type ReadAutoscaler =
  | { readonly kind: 'hpa'; readonly object: HorizontalPodAutoscaler }
  | { readonly kind: 'keda'; readonly object: ScaledObject };
