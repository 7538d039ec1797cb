import type { Logger } from '@nestjs/common';

const SUMMARY_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 10_000;
/** BullMQ repeats what fails at least this often, so an error that stays away longer is over. */
const OVER_AFTER_MS = 30_000;
/** Different errors at once. What comes beyond them is logged one by one. */
const MOST_KNOWN = 100;

interface Known {
  readonly first: number;
  readonly queues: Set<string>;
  /** Since the last line about it. */
  unsaid: number;
  total: number;
  lastSeen: number;
  lastSaid: number;
}

/**
 * A server that is away makes every queue and worker complain every second: the first complaint is logged at once, the
 * same one again only as a count each minute, and once more when it is over.
 */
export class RepeatedWarnings {
  private readonly known = new Map<string, Known>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly logger: Pick<Logger, 'warn' | 'log'>) {}

  warn(msg: string, reason: string, queue?: string): void {
    const key = JSON.stringify([msg, reason]);
    const now = performance.now();
    let entry = this.known.get(key);
    if (entry) {
      entry.unsaid++;
      entry.total++;
      entry.lastSeen = now;
    } else {
      this.logger.warn({ msg, ...(queue !== undefined && { queue }), reason });
      if (this.known.size >= MOST_KNOWN) return;
      entry = { first: now, queues: new Set(), unsaid: 0, total: 1, lastSeen: now, lastSaid: now };
      this.known.set(key, entry);
      this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
    }
    if (queue !== undefined) entry.queues.add(queue);
  }

  private look(): void {
    const now = performance.now();
    for (const [key, entry] of this.known) {
      const [msg, reason] = JSON.parse(key) as [string, string];
      const queues = entry.queues.size > 0 ? { queues: entry.queues.size } : {};
      if (now - entry.lastSeen >= OVER_AFTER_MS) {
        this.known.delete(key);
        const seconds = Math.round((entry.lastSeen - entry.first) / 1000);
        // One that came alone has been told completely.
        if (entry.total > 1) this.logger.log({ msg: `${msg}: over`, reason, times: entry.total, seconds, ...queues });
      } else if (entry.unsaid > 0 && now - entry.lastSaid >= SUMMARY_EVERY_MS) {
        this.logger.warn({ msg: `${msg}: still`, reason, times: entry.unsaid, ...queues });
        entry.unsaid = 0;
        entry.lastSaid = now;
      }
    }
    if (this.known.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
