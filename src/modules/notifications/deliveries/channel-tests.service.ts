import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import { ChannelRegistry } from '../channels/channel-registry.js';
import type { Channel } from '../channels/notifier.js';
import { BoundPrincipalError, ChannelNotConfiguredError } from '../notifications.errors.js';
import type { Delivery } from './delivery.repository.js';
import { NotificationOutbox } from './notification-outbox.service.js';

/** Test notifications, which travel the way of real ones. */
@Injectable()
export class ChannelTests {
  constructor(
    private readonly registry: ChannelRegistry,
    private readonly outbox: NotificationOutbox,
    private readonly database: Database,
    private readonly audit: AuditTrail,
  ) {}

  channels(): readonly Channel[] {
    return this.registry.all();
  }

  async send(name: string, principal: Principal): Promise<readonly Delivery[]> {
    if (principal.environmentId !== null) throw new BoundPrincipalError();
    const channels = this.registry.named(name);
    if (channels.length === 0) {
      throw new ChannelNotConfiguredError(name, [...new Set(this.registry.all().map((channel) => channel.name))]);
    }
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        action: 'notifications.test-channel',
        actor: principal,
        subjectType: 'notification-channel',
        subjectId: name,
        outcome: 'allowed',
      }),
    );
    return this.outbox.tellTest(channels);
  }
}
