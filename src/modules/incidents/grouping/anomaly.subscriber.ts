import { Injectable } from '@nestjs/common';
import type { DeliveredEvent } from '../../../platform/events/define-event.js';
import { Subscribes } from '../../../platform/events/subscribes.decorator.js';
import { AnomalyDetected, AnomalyEnded } from '../../anomaly-detection/index.js';
import { type AnomalyNews, IncidentGrouping } from './incident-grouping.service.js';

/** Events arrive at least once and in any order; the anomaly's id makes handling them idempotent. */
@Injectable()
export class AnomalySubscriber {
  constructor(private readonly grouping: IncidentGrouping) {}

  @Subscribes(AnomalyDetected, 'incidents.add-anomaly')
  async onDetected(event: DeliveredEvent<typeof AnomalyDetected>): Promise<void> {
    await this.grouping.take({ ...measured(event.payload), endedAt: null, endReason: null });
  }

  @Subscribes(AnomalyEnded, 'incidents.end-anomaly')
  async onEnded(event: DeliveredEvent<typeof AnomalyEnded>): Promise<void> {
    const { endedAt, reason } = event.payload;
    await this.grouping.take({ ...measured(event.payload), endedAt: new Date(endedAt), endReason: reason });
  }
}

function measured(
  payload: DeliveredEvent<typeof AnomalyDetected>['payload'],
): Omit<AnomalyNews, 'endedAt' | 'endReason'> {
  return { ...payload, startedAt: new Date(payload.startedAt), peakAt: new Date(payload.peakAt) };
}
