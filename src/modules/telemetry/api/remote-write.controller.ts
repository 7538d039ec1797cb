import { Controller, Headers, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { DomainError } from '../../../kernel/errors.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { Access, CurrentPrincipal, type Principal, SkipRateLimit } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { IngestService, type WriteOutcome } from '../ingest/ingest.service.js';
import type { WriteProtocol } from '../remote-write/decoded-write.js';
import { chooseWriteProtocol } from '../remote-write/write-protocol.js';
import { telemetryConfig } from '../telemetry.config.js';
import { IngestOverloadedError, SamplesRejectedError } from '../telemetry.errors.js';
import { IN_FLIGHT_BYTES, WRITE_REQUESTS_TOTAL, WRITE_REQUEST_SECONDS } from '../telemetry.metrics.js';
import { WriteTarget } from './write-target.js';

/** The receiver of Prometheus remote write 1.0 and 2.0 (prometheus.io/docs/specs/prw). */
@ApiTags('telemetry')
@Controller('write')
export class RemoteWriteController {
  private inFlightBytes = 0;

  constructor(
    private readonly ingest: IngestService,
    private readonly target: WriteTarget,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(WRITE_REQUESTS_TOTAL) private readonly requests: Counter<'protocol' | 'outcome'>,
    @InjectMetric(WRITE_REQUEST_SECONDS) private readonly seconds: Histogram,
    @InjectMetric(IN_FLIGHT_BYTES) private readonly inFlight: Gauge,
  ) {}

  @Post()
  @Access('telemetry:write')
  @SkipRateLimit()
  @ApiOperation({ summary: 'Prometheus remote write 1.0 and 2.0' })
  @ApiConsumes('application/x-protobuf', 'application/x-protobuf;proto=io.prometheus.write.v2.Request')
  @ApiBody({
    description: 'A WriteRequest (1.0) or a Request (2.0) in protobuf, compressed with snappy (block format)',
    required: true,
    schema: { type: 'string', format: 'binary' },
  })
  @ApiHeader({
    name: 'Content-Encoding',
    description: 'How the body is compressed',
    required: true,
    schema: { type: 'string', enum: ['snappy'] },
  })
  @ApiHeader({ name: 'X-Dsim-Environment', description: 'Id or slug, for tokens that are bound to no environment' })
  @Returns(204)
  async write(
    @Req() request: FastifyRequest,
    @CurrentPrincipal() principal: Principal,
    @Headers('x-dsim-environment') environment: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    let protocol: WriteProtocol | 'unknown' = 'unknown';
    const stop = this.seconds.startTimer();
    try {
      protocol = chooseWriteProtocol(request.headers['content-type'], header(request.headers['content-encoding']));
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const outcome = await this.bounded(body.length, async () =>
        this.ingest.write(await this.target.resolve(principal, environment), protocol as WriteProtocol, body),
      );
      if (protocol === 'v2') declareWritten(reply, outcome);
      if (outcome.issues.length > 0) throw new SamplesRejectedError(outcome.stored, outcome.issues);
      this.requests.inc({ protocol, outcome: 'stored' });
    } catch (error) {
      // A sender of 2.0 that finds no such header assumes that we took the message for 1.0 and dropped it.
      if (protocol === 'v2' && !(error instanceof SamplesRejectedError))
        declareWritten(reply, { stored: 0, issues: [] });
      this.requests.inc({ protocol, outcome: outcomeOf(error) });
      throw error;
    } finally {
      stop();
    }
  }

  /** Refuses what would not fit in memory while the database is slow: the sender keeps it and tries again. */
  private async bounded<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.inFlightBytes > 0 && this.inFlightBytes + bytes > this.config.maxInFlightBytes)
      throw new IngestOverloadedError();
    this.inFlightBytes += bytes;
    this.inFlight.set(this.inFlightBytes);
    try {
      return await work();
    } finally {
      this.inFlightBytes -= bytes;
      this.inFlight.set(this.inFlightBytes);
    }
  }
}

function declareWritten(reply: FastifyReply, { stored }: WriteOutcome): void {
  reply.header('X-Prometheus-Remote-Write-Samples-Written', String(stored));
  reply.header('X-Prometheus-Remote-Write-Histograms-Written', '0');
  reply.header('X-Prometheus-Remote-Write-Exemplars-Written', '0');
}

function outcomeOf(error: unknown): string {
  if (error instanceof SamplesRejectedError) return 'partial';
  if (!(error instanceof DomainError)) return 'failed';
  return error.kind === 'unavailable' ? 'unavailable' : error.kind === 'internal' ? 'failed' : 'refused';
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
