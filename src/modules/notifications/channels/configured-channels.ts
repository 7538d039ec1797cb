import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { httpConfig } from '../../../platform/http/http.config.js';
import { IncidentsReader } from '../../incidents/index.js';
import { notificationsConfig } from '../notifications.config.js';
import { AlertLabelsRepository } from './alert-labels.repository.js';
import { AlertmanagerNotifier } from './alertmanager.notifier.js';
import { ChannelRegistry } from './channel-registry.js';
import { ConsoleNotifier } from './console.notifier.js';
import { destinationOf, targetOf } from './destination.js';
import { WebhookNotifier } from './webhook.notifier.js';

/** Makes channels from the configuration. What is not configured does not exist, so nothing can be sent there. */
@Injectable()
export class ConfiguredChannels implements OnModuleInit {
  private readonly logger = new Logger('Notifications');
  private readonly senders: { readonly destination: string; readonly notifier: AlertmanagerNotifier }[] = [];

  constructor(
    private readonly registry: ChannelRegistry,
    private readonly incidents: IncidentsReader,
    private readonly labels: AlertLabelsRepository,
    private readonly clock: Clock,
    @InjectConfig(notificationsConfig) private readonly config: ConfigOf<typeof notificationsConfig>,
    @InjectConfig(httpConfig) private readonly http: ConfigOf<typeof httpConfig>,
  ) {}

  onModuleInit(): void {
    const { console: terminal, webhook, alertmanager, timeoutSeconds } = this.config;
    const timeoutMs = timeoutSeconds * 1_000;
    if (terminal.enabled) {
      this.registry.register({ name: 'console', target: 'log', destination: 'log', notifier: new ConsoleNotifier() });
    }
    if (webhook.url !== undefined && webhook.secret !== undefined) {
      const notifier = new WebhookNotifier({ url: webhook.url, secret: webhook.secret, timeoutMs }, this.clock);
      this.add('webhook', webhook.url, notifier);
    }
    for (const url of alertmanager.urls) {
      const options = { url, timeoutMs, authorization: authorizationOf(alertmanager), publicUrl: this.http.publicUrl };
      const notifier = new AlertmanagerNotifier(options, this.incidents, this.labels, this.clock);
      this.add('alertmanager', url, notifier);
      this.senders.push({ destination: destinationOf(url), notifier });
    }
    const names = this.registry.all().map((channel) => `${channel.name} (${channel.destination})`);
    if (names.length === 0) this.logger.log('No notification channel is configured: incidents show on the page only');
    else this.logger.log({ msg: 'notification channels', channels: names });
  }

  /** Those whose alerts must be sent again and again. */
  alertmanagers(): readonly { readonly destination: string; readonly notifier: AlertmanagerNotifier }[] {
    return this.senders;
  }

  private add(name: string, url: string, notifier: WebhookNotifier | AlertmanagerNotifier): void {
    this.registry.register({ name, target: targetOf(url), destination: destinationOf(url), notifier });
  }
}

function authorizationOf({
  bearerToken,
  username,
  password,
}: ConfigOf<typeof notificationsConfig>['alertmanager']): string | undefined {
  if (bearerToken !== undefined) return `Bearer ${bearerToken}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}
