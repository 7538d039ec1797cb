import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import { InjectConfig, type ConfigOf } from '../../platform/config/define-config.js';
import { ShutdownState } from '../../platform/http/shutdown-state.js';
import {
  HealthRegistry,
  type HealthCheck,
  type HealthOutcome,
  type HealthScope,
} from '../../platform/observability/health-registry.js';
import { healthConfig } from './health.config.js';

export interface HealthReport {
  readonly healthy: boolean;
  readonly result: HealthCheckResult;
}

interface CachedReport {
  readonly until: number;
  readonly report: Promise<HealthReport>;
}

/**
 * Runs the registered checks through terminus. Answers are shared for about a second, so that many probes cost one
 * round of checks; a check that hangs is given up and one that throws is down, never an error of the endpoint.
 */
@Injectable()
export class HealthReporter {
  private readonly logger = new Logger(HealthReporter.name);
  private readonly cache = new Map<HealthScope, CachedReport>();
  private readonly lastState = new Map<string, HealthOutcome['status']>();

  constructor(
    private readonly registry: HealthRegistry,
    private readonly terminus: HealthCheckService,
    private readonly shutdown: ShutdownState,
    @InjectConfig(healthConfig) private readonly config: ConfigOf<typeof healthConfig>,
  ) {
    // Load balancers must hear of the shutdown at once, not when the last answer has aged.
    this.shutdown.onBegin(() => this.cache.clear());
  }

  report(scope: HealthScope): Promise<HealthReport> {
    const now = performance.now();
    const cached = this.cache.get(scope);
    if (cached && cached.until > now) return cached.report;
    const report = this.run(scope);
    this.cache.set(scope, { until: now + this.config.cacheMs, report });
    return report;
  }

  private async run(scope: HealthScope): Promise<HealthReport> {
    const checks = this.registry.forScope(scope).map((check) => () => this.indicator(check));
    try {
      return { healthy: true, result: await this.terminus.check(checks) };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return { healthy: false, result: error.getResponse() as HealthCheckResult };
    }
  }

  private async indicator(check: HealthCheck): Promise<HealthIndicatorResult> {
    const { status, reason, details } = await this.outcome(check);
    this.noteChange(check.name, status, reason);
    return { [check.name]: { status, ...(reason ? { reason } : {}), ...details } };
  }

  private async outcome(check: HealthCheck): Promise<HealthOutcome> {
    const timeoutMs = check.timeoutMs ?? this.config.timeoutMs;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<HealthOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ status: 'down', reason: `No answer within ${timeoutMs} ms.` }), timeoutMs);
    });
    try {
      return await Promise.race([check.check(), timeout]);
    } catch (error) {
      return { status: 'down', reason: `The check failed: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      clearTimeout(timer);
    }
  }

  /** One log line per change, not one per probe. */
  private noteChange(name: string, status: HealthOutcome['status'], reason: string | undefined): void {
    const before = this.lastState.get(name);
    this.lastState.set(name, status);
    if (status === before || (status === 'up' && before === undefined)) return;
    if (status === 'up') this.logger.log({ msg: `Health check "${name}" is up again`, check: name });
    else this.logger.warn({ msg: `Health check "${name}" is ${status}: ${reason}`, check: name });
  }
}
