import { DomainError } from '../../kernel/errors.js';

export class DatabaseUrlMissing extends DomainError {
  constructor() {
    super({
      code: 'database.url_missing',
      kind: 'internal',
      message:
        'No database address is configured. Set DATABASE_URL, or start with `npm start`, which runs an embedded server.',
    });
  }
}

export class DatabaseUnreachable extends DomainError {
  constructor(address: string, seconds: number, cause: unknown) {
    super({
      code: 'database.unreachable',
      kind: 'unavailable',
      message:
        `PostgreSQL at ${address} did not answer within ${seconds} s (${reasonOf(cause)}). ` +
        'Check that it runs and that DATABASE_URL is right.',
      cause,
    });
  }
}

export class DatabaseRefused extends DomainError {
  constructor(address: string, cause: unknown) {
    super({
      code: 'database.refused',
      kind: 'internal',
      message: `PostgreSQL at ${address} refuses us: ${reasonOf(cause)}. Check user, password and database name in DATABASE_URL.`,
      cause,
    });
  }
}

export class SchemaIsNewer extends DomainError {
  constructor(unknownMigrations: readonly string[]) {
    super({
      code: 'database.schema_is_newer',
      kind: 'internal',
      message:
        `The database was migrated by a newer release (it holds ${unknownMigrations.join(', ')}). ` +
        'Start that release or a later one, or restore a backup from before the upgrade.',
    });
  }
}

export class SchemaIsOlder extends DomainError {
  constructor(pending: readonly string[]) {
    super({
      code: 'database.schema_is_older',
      kind: 'internal',
      message: `The database lacks ${pending.length} migration(s): ${pending.join(', ')}. Run \`npm run migrate\`.`,
    });
  }
}

export class NoMigrationsFound extends DomainError {
  constructor(folder: string) {
    super({
      code: 'database.no_migrations_found',
      kind: 'internal',
      message: `No migrations were found in ${folder}. Run \`npm run build\`.`,
    });
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join('; ');
  if (error instanceof Error) return error.message || (error as NodeJS.ErrnoException).code || error.name;
  return String(error);
}
