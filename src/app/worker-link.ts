import { Logger, type INestApplication } from '@nestjs/common';
import { register } from 'prom-client';
import { HealthRegistry, type HealthCheck, type HealthOutcome } from '../platform/observability/health-registry.js';
import { LogLevelControl } from '../platform/observability/log-level-control.js';
import { answerParent } from './parent-requests.js';
import { parentMessage, type WorkerMessage } from './worker-messages.js';

const CHECK_TIMEOUT_MS = 1_500;

/** The worker's end of the channel to the process that forked it. */
export function linkToParent(app: INestApplication, stop: () => void): void {
  const health = app.get(HealthRegistry, { strict: false });
  const logLevel = app.get(LogLevelControl, { strict: false });
  const logger = new Logger('Worker');
  const facts = { metrics: () => register.metrics(), health: () => overall(health) };
  process.on('message', (raw) => {
    const parsed = parentMessage.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'stop') stop();
    else if (message.type === 'log-level') logLevel.set(message.level);
    else answerParent(message, facts).then(send, (error: unknown) => logger.error(error));
  });
  send({ type: 'started' });
}

function send(message: WorkerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function overall(registry: HealthRegistry): Promise<HealthOutcome> {
  const checks = registry.forScope('ready');
  const outcomes = await Promise.all(checks.map(async (check) => ({ name: check.name, ...(await runCheck(check)) })));
  const down = outcomes.filter(({ status }) => status === 'down');
  if (down.length === 0) return { status: 'up', details: { checks: outcomes.length } };
  return { status: 'down', reason: down.map(({ name, reason }) => `${name}: ${reason ?? 'down'}`).join('; ') };
}

async function runCheck(check: HealthCheck): Promise<HealthOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HealthOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', reason: 'no answer in time' }), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check.check(), timeout]);
  } catch (error) {
    return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
