import type { HpaEvent } from '../../../scaling/hpa/hpa-status.types.js';
import type { WarningMemory } from '../control-state.types.js';
import { emit } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { KubernetesEvent } from '../platform-state.types.js';

/** Seconds after which a warning that lasts is told again; the API server would count it up meanwhile. */
const REPEAT_AFTER = 300;

export function tellEvents(
  context: PlatformContext,
  deployment: number,
  object: KubernetesEvent['object'],
  events: readonly HpaEvent[],
  memory: WarningMemory,
): void {
  if (events.length === 0) return;
  const { cluster } = context.fleet.deployments[deployment]!;
  const warnings = events.filter(({ type }) => type === 'Warning').map(({ message }) => message);
  const warning = warnings.join('\n');
  const isNew = warning !== memory.warning || context.step - memory.warnedAt >= REPEAT_AFTER;
  if (warning !== '' && isNew) Object.assign(memory, { warning, warnedAt: context.step });
  for (const { message, reason, type } of events) {
    if (type === 'Normal' || isNew) emit(context, type, reason, object, cluster, message);
  }
}
