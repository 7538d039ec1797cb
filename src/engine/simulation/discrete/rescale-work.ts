import type { World } from './discrete-state.js';
import { EVENT_BITS, pushEvent, WORK_END } from './event-queue.js';
import { WORKS } from './request-table.js';

/** Work in progress goes on at the new speed of its server; one that stands still keeps what is left. */
export function rescaleWork({ state }: World): void {
  const { requests, servers, queue, clock } = state;
  const now = clock[0]!;
  for (let request = 0; request < requests.used; request++) {
    if (requests.phase[request] !== WORKS) continue;
    const server = requests.server[request]!;
    const before = servers.oldSpeed[server]!;
    const speed = servers.speed[server]!;
    if (before === speed) continue;
    const left = before > 0 ? (requests.due[request]! - now) * before : requests.left[request]!;
    requests.left[request] = left;
    const due = speed > 0 ? now + left / speed : Infinity;
    requests.due[request] = due;
    if (speed > 0) pushEvent(queue, due, (request << EVENT_BITS) | WORK_END);
  }
  for (let server = 0; server < servers.used; server++) servers.oldSpeed[server] = servers.speed[server]!;
}
