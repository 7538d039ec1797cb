import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { instantDate } from '../../../platform/http/instant.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { changeEffect } from '../studies/change-effect.schema.js';
import { StudiesService } from '../studies/studies.service.js';
import { StudyHistory } from '../studies/study-history.js';
import { studyFields, viewOf } from '../studies/study-view.js';
import type { StudyRow } from '../studies/study.types.js';
import type { PreviewResult, previewTask } from './preview-study.js';
import { detectionSettings, selectorText } from './settings.schema.js';

const DEFAULT_DAYS = 7;

const previewRequest = z.strictObject({
  settings: detectionSettings.describe('The whole document as it would be saved'),
  match: selectorText.default('').describe('Looks at these series only; default: all'),
  from: instantDate.optional().describe(`Default: ${DEFAULT_DAYS} days before \`to\``),
  to: instantDate.optional().describe('Default: where event time stands'),
});

const previewView = z
  .object({
    ...studyFields,
    result: changeEffect
      .extend({
        matched: z.number().int().describe('Series that the selector matches'),
        affected: z.number().int().describe('Of these, those whose settings would differ'),
      })
      .nullable()
      .describe('Null until it is finished'),
  })
  .meta({ id: 'DetectionSettingsPreview' });

type EnvironmentParams = z.output<typeof environmentParams>;
type PreviewView = z.output<typeof previewView>;

const previewParams = environmentParams.extend({ previewId: z.uuid() });

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/detection/settings/preview')
export class PreviewsController {
  constructor(
    private readonly studies: StudiesService,
    private readonly history: StudyHistory,
  ) {}

  @Post()
  @Access('anomalies:write')
  @Returns(202, previewView)
  @ApiOperation({ summary: 'Starts a job that says what proposed settings would have done over stored history' })
  async start(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Body({ schema: previewRequest }) body: z.output<typeof previewRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PreviewView> {
    const { from, to } = await this.history.rangeOf(environmentId, body.from, body.to, DEFAULT_DAYS);
    const request: z.output<typeof previewTask> = { settings: body.settings, match: body.match, from, to };
    const title = `Preview of ${body.settings.rules.length} rules`;
    return this.view(await this.studies.start(principal, environmentId, { kind: 'settings-preview', title, request }));
  }

  @Get(':previewId')
  @Access('anomalies:read')
  @Returns(200, previewView)
  @ApiOperation({ summary: 'How far a preview is, and what it found' })
  async get(
    @Param({ schema: previewParams }) { environmentId, previewId }: z.output<typeof previewParams>,
  ): Promise<PreviewView> {
    return this.view(await this.studies.get(environmentId, 'settings-preview', previewId));
  }

  @Post(':previewId/cancel')
  @Access('anomalies:write')
  @Returns(200, previewView)
  @ApiOperation({ summary: 'Stops a preview; one that is over stays as it is' })
  async cancel(
    @Param({ schema: previewParams }) { environmentId, previewId }: z.output<typeof previewParams>,
  ): Promise<PreviewView> {
    return this.view(await this.studies.cancel(environmentId, 'settings-preview', previewId));
  }

  private async view(study: StudyRow): Promise<PreviewView> {
    const result = (await this.studies.resultOf(study)) as PreviewResult | null;
    return { ...viewOf(study), result: result as PreviewView['result'] };
  }
}
