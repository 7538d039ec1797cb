import { Logger } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';

const MAX_SQL = 500;

/** Only what an operator acts on. Parameters are never logged: they hold users' data. */
export class SlowQueryLogger implements TypeOrmLogger {
  private readonly logger = new Logger('Database');

  logQuery(): void {}
  logQueryError(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}

  logQuerySlow(timeMs: number, query: string): void {
    this.logger.warn({ msg: 'slow statement', timeMs, sql: query.replace(/\s+/g, ' ').trim().slice(0, MAX_SQL) });
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.logger.warn(message);
  }
}
