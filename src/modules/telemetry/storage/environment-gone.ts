import { EnvironmentNotFoundError } from '../../environments/index.js';
import { sqlState } from './partition.repository.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** True where a row was refused because its environment has been deleted meanwhile. */
export function violatesEnvironmentKey(error: unknown): boolean {
  return sqlState(error) === FOREIGN_KEY_VIOLATION && (constraintOf(error)?.endsWith('_environment_id_fkey') ?? true);
}

/** What to throw for a failed write: `environments.environment_not_found` where that is the reason, else the error. */
export function explainWriteError(error: unknown, environmentId: string): unknown {
  return violatesEnvironmentKey(error) ? new EnvironmentNotFoundError(environmentId) : error;
}

function constraintOf(error: unknown): string | undefined {
  const { constraint, driverError } = error as { constraint?: unknown; driverError?: unknown };
  if (typeof constraint === 'string') return constraint;
  return typeof driverError === 'object' && driverError !== null ? constraintOf(driverError) : undefined;
}
