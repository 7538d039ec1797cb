import { Injectable } from '@nestjs/common';

/** Which endpoint a check counts for. Live never depends on others, so nothing can register for it. */
export type HealthScope = 'ready' | 'startup';

export interface HealthOutcome {
  /** `degraded` counts as up: requests can be served, but something is not as it should be. */
  readonly status: 'up' | 'degraded' | 'down';
  /** One sentence a person on call can act on; always set when not up. */
  readonly reason?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface HealthCheck {
  /** kebab-case: `database`, `migrations`, `event-loop-delay`. */
  readonly name: string;
  readonly scopes: readonly HealthScope[];
  readonly timeoutMs?: number;
  check(): Promise<HealthOutcome>;
}

/** Parts register their own checks in `onModuleInit`; `modules/health` serves them through terminus. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();

  register(check: HealthCheck): void {
    if (this.checks.has(check.name)) throw new Error(`health check "${check.name}" is registered twice`);
    this.checks.set(check.name, check);
  }

  forScope(scope: HealthScope): readonly HealthCheck[] {
    return [...this.checks.values()].filter((check) => check.scopes.includes(scope));
  }
}
