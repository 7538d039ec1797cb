import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Page } from '../../kernel/page.js';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { scopeToEnvironment } from '../auth/index.js';
import { type Delivery, DeliveryRepository } from './deliveries/delivery.repository.js';
import { ChannelTests } from './deliveries/channel-tests.service.js';
import {
  channelList,
  channelName,
  type DeliveriesQuery,
  deliveriesQuery,
  deliveryPage,
  type DeliveryView,
  testResult,
} from './notifications.schema.js';

@ApiTags('notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly tests: ChannelTests,
  ) {}

  @Get('deliveries')
  @Access('notifications:read')
  @ApiOperation({ summary: 'What was sent, is being retried, or failed; newest first' })
  @Returns(200, deliveryPage)
  async list(
    @Query({ schema: deliveriesQuery }) query: DeliveriesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<DeliveryView>> {
    const page = await this.deliveries.page({
      ...query,
      environmentId: scopeToEnvironment(principal, query.environmentId),
    });
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get('channels')
  @Access('notifications:read')
  @ApiOperation({ summary: 'The configured channels' })
  @Returns(200, channelList)
  channels(): z.output<typeof channelList> {
    return { items: this.tests.channels().map(({ name, destination }) => ({ name, destination })) };
  }

  @Post('channels/:name/test')
  @Access('notifications:write')
  @ApiOperation({ summary: 'Sends a test notification; the deliveries tell how it went' })
  @Returns(202, testResult)
  async test(
    @Param('name', { schema: channelName }) name: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof testResult>> {
    return { deliveries: (await this.tests.send(name, principal)).map(toView) };
  }
}

function toView({ target: _target, giveUpAt: _giveUpAt, ...delivery }: Delivery): DeliveryView {
  return {
    ...delivery,
    occurredAt: delivery.occurredAt.toISOString(),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: delivery.finishedAt?.toISOString() ?? null,
  };
}
