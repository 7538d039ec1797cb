import { Injectable } from '@nestjs/common';
import type { Channel } from './notifier.js';

/** The configured channels. Modules that know other ways to tell people register theirs in `onModuleInit`. */
@Injectable()
export class ChannelRegistry {
  private readonly channels = new Map<string, Channel>();

  register(channel: Channel): void {
    const key = `${channel.name} ${channel.target}`;
    if (this.channels.has(key))
      throw new Error(`notification channel ${channel.name} to ${channel.destination} is registered twice`);
    this.channels.set(key, channel);
  }

  all(): readonly Channel[] {
    return [...this.channels.values()];
  }

  named(name: string): readonly Channel[] {
    return this.all().filter((channel) => channel.name === name);
  }

  find(name: string, target: string): Channel | undefined {
    return this.channels.get(`${name} ${target}`);
  }
}
