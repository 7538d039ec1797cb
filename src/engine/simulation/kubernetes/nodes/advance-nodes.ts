import type { PlatformContext } from '../platform-context.types.js';
import { markReady } from './add-node.js';
import { advanceLoss, nextLossStep } from './node-loss.js';

/** Lets the nodes go on whose time has come: started, NotReady, given up. One comparison when there is none. */
export function advanceNodes(context: PlatformContext): void {
  const { control, platform, step } = context;
  if (step < control.nextNodeDue) return;
  let next = Infinity;
  for (const node of platform.nodes) {
    if (!node) continue;
    if (control.nodes[node.slot]!.lostAt >= 0) advanceLoss(context, node);
    else if (!node.ready && node.readyAt <= step) markReady(context, node);
    const starts = !node.ready && node.readyAt > step ? node.readyAt : Infinity;
    next = Math.min(next, starts, nextLossStep(context, node));
  }
  control.nextNodeDue = next;
}
