import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { AnomalyNotFoundError, GroupNotFoundError } from '../anomaly-detection.errors.js';
import { toItem } from '../api/detection.service.js';
import { ExplanationService } from '../explain/explanation.service.js';
import { groupRules } from './anomaly-groups.js';
import { GroupsReadModel, type GroupRow } from './groups.read-model.js';
import type { anomalyGroup, groupDetail, groupPage, groupsQuery } from './groups.schema.js';

const MOST_MEMBERS = 500;
const groupCursor = z.tuple([cursorPart.time, cursorPart.id]);

@Injectable()
export class GroupsService {
  private readonly holdMs: number;

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly readModel: GroupsReadModel,
    private readonly explanations: ExplanationService,
    @InjectConfig(anomalyDetectionConfig) config: AnomalyDetectionConfig,
  ) {
    this.holdMs = groupRules(config).holdMs;
  }

  async list(environmentId: string, query: z.output<typeof groupsQuery>): Promise<z.output<typeof groupPage>> {
    await this.environments.get(environmentId);
    const key = query.cursor === undefined ? undefined : readCursor(query.cursor, groupCursor);
    const rows = await this.readModel.groups(environmentId, this.holdMs, {
      ...query,
      limit: query.limit + 1,
      after: key && [new Date(key[0]), key[1]],
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      items: page.map(toGroup),
      nextCursor: more ? encodeCursor([last.startedAt.toISOString(), last.id]) : null,
    };
  }

  async get(environmentId: string, groupId: string): Promise<z.output<typeof groupDetail>> {
    await this.environments.get(environmentId);
    const row = await this.readModel.group(environmentId, this.holdMs, groupId);
    if (!row) throw new GroupNotFoundError(groupId);
    const [members, said] = await Promise.all([
      this.readModel.members(environmentId, groupId, MOST_MEMBERS),
      this.sentenceOf(environmentId, row.peakAnomalyId),
    ]);
    return { ...toGroup(row), ...said, members: members.map(toItem) };
  }

  /** Empty where the anomaly has passed the retention. */
  private async sentenceOf(
    environmentId: string,
    anomalyId: string,
  ): Promise<Pick<z.output<typeof groupDetail>, 'sentence' | 'parts'>> {
    try {
      const { sentence, parts } = await this.explanations.explain(environmentId, anomalyId);
      return { sentence, parts };
    } catch (error) {
      if (error instanceof AnomalyNotFoundError) return { sentence: '', parts: [] };
      throw error;
    }
  }
}

function toGroup(row: GroupRow): z.output<typeof anomalyGroup> {
  return {
    ...row,
    services: [...row.services],
    startedAt: row.startedAt.toISOString(),
    lastStartedAt: row.lastStartedAt.toISOString(),
    calmSince: row.calmSince?.toISOString() ?? null,
  };
}
