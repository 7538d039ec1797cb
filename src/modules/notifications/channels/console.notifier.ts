import { Logger } from '@nestjs/common';
import type { Notification, Notifier, Outcome } from './notifier.js';

/** One warning line per notification in our own log: enough where nobody is on call. */
export class ConsoleNotifier implements Notifier {
  private readonly logger = new Logger('Alert');

  async deliver(notification: Notification): Promise<Outcome> {
    this.logger.warn(lineOf(notification));
    return { outcome: 'delivered' };
  }
}

/** `Incident 12 opened (warning) in Shop: CPU and load on host-1: 4 series off ...` */
export function lineOf({ type, incident }: Notification): string {
  if (incident === null) return 'Test notification: the console channel works';
  const what = type.replace(/^incidents\.incident-/, '');
  const by =
    what === 'acknowledged' && incident.acknowledgedBy !== null
      ? ` by ${incident.acknowledgedBy}`
      : incident.resolution === null
        ? ''
        : { calm: ' by itself', user: ' by a person', merged: ' into an older incident' }[incident.resolution];
  const verb = what === 'updated' ? `is ${incident.status}` : what;
  return `Incident ${incident.number} ${verb}${by} (${incident.severity}) in ${incident.environmentName}: ${incident.title}`;
}
