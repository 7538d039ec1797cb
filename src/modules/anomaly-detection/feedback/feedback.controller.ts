import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { StudiesService } from '../studies/studies.service.js';
import { viewOf } from '../studies/study-view.js';
import type { StudyRow } from '../studies/study.types.js';
import {
  feedbackPage,
  feedbackPreview,
  feedbackQuery,
  feedbackSubject,
  feedbackView,
  giveFeedbackRequest,
} from './feedback.schema.js';
import { FeedbackService } from './feedback.service.js';
import { toFeedbackView } from './feedback-view.js';

type EnvironmentParams = z.output<typeof environmentParams>;
type FeedbackView = z.output<typeof feedbackView>;
type PreviewView = z.output<typeof feedbackPreview>;

const feedbackParams = environmentParams.extend({ feedbackId: z.uuid() });

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/detection/feedback')
export class FeedbackController {
  constructor(
    private readonly feedback: FeedbackService,
    private readonly studies: StudiesService,
  ) {}

  @Post('preview')
  @Access('anomalies:write')
  @Returns(202, feedbackPreview)
  @ApiOperation({ summary: 'Starts a job that says what feedback would change, and what that would have done' })
  async preview(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Body({ schema: feedbackSubject }) body: z.output<typeof feedbackSubject>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PreviewView> {
    return this.previewView(await this.feedback.preview(principal, environmentId, body));
  }

  @Get('preview/:feedbackId')
  @Access('anomalies:read')
  @Returns(200, feedbackPreview)
  @ApiOperation({ summary: 'How far a preview of feedback is, and what it found' })
  async previewOf(
    @Param({ schema: feedbackParams }) { environmentId, feedbackId }: z.output<typeof feedbackParams>,
  ): Promise<PreviewView> {
    return this.previewView(await this.feedback.previewOf(environmentId, feedbackId));
  }

  @Post()
  @Access('anomalies:write')
  @Returns(202, feedbackView)
  @ApiOperation({ summary: 'Says that a stretch is no anomaly, or that one was missed; holds once it is computed' })
  async give(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Body({ schema: giveFeedbackRequest }) body: z.output<typeof giveFeedbackRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<FeedbackView> {
    const { previewId, comment, kind, ...subject } = body;
    if (previewId !== undefined) {
      return toFeedbackView(await this.feedback.saveFrom(principal, environmentId, previewId, comment));
    }
    return toFeedbackView(await this.feedback.give(principal, environmentId, { ...subject, kind: kind! }, comment));
  }

  @Get()
  @Access('anomalies:read')
  @Returns(200, feedbackPage)
  @ApiOperation({ summary: 'Feedback that was given, newest first' })
  async list(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: feedbackQuery }) query: z.output<typeof feedbackQuery>,
  ): Promise<z.output<typeof feedbackPage>> {
    const page = await this.feedback.page(environmentId, query);
    return { items: page.items.map((row) => toFeedbackView({ row })), nextCursor: page.nextCursor };
  }

  @Get(':feedbackId')
  @Access('anomalies:read')
  @Returns(200, feedbackView)
  @ApiOperation({ summary: 'One feedback, with what it changed' })
  async get(
    @Param({ schema: feedbackParams }) { environmentId, feedbackId }: z.output<typeof feedbackParams>,
  ): Promise<FeedbackView> {
    return toFeedbackView(await this.feedback.get(environmentId, feedbackId));
  }

  @Delete(':feedbackId')
  @Access('anomalies:write')
  @Returns(200, feedbackView)
  @ApiOperation({ summary: 'Undoes feedback; it stays in the list as undone' })
  async undo(
    @Param({ schema: feedbackParams }) { environmentId, feedbackId }: z.output<typeof feedbackParams>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<FeedbackView> {
    return toFeedbackView(await this.feedback.undo(principal, environmentId, feedbackId));
  }

  private async previewView(study: StudyRow): Promise<PreviewView> {
    return { ...viewOf(study), result: (await this.studies.resultOf(study)) as PreviewView['result'] };
  }
}
