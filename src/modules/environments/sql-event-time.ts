import { Injectable } from '@nestjs/common';
import { Clock, type EpochMs } from '../../kernel/clock.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import type { EnvironmentKind } from './environments.reader.js';
import { EventTime } from './event-time.js';

interface Row {
  readonly id: string;
  readonly kind: EnvironmentKind;
  readonly eventTime: Date | null;
}

const QUERY = `
  SELECT e.id, e.kind, t.event_time AS "eventTime"
  FROM environments_environments e LEFT JOIN environments_event_times t ON t.environment_id = e.id`;

@Injectable()
export class SqlEventTime extends EventTime {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async now(environmentId: string): Promise<EpochMs | null> {
    const [row] = await this.db.query<Row>(`${QUERY} WHERE e.id = $1`, [environmentId]);
    return row ? this.timeOf(row) : null;
  }

  override async ofAll(): Promise<ReadonlyMap<string, EpochMs | null>> {
    const rows = await this.db.query<Row>(QUERY);
    return new Map(rows.map((row) => [row.id, this.timeOf(row)]));
  }

  override async advance(tx: Transaction, environmentId: string, to: EpochMs): Promise<void> {
    await tx.query(
      `INSERT INTO environments_event_times AS t (environment_id, event_time) VALUES ($1, $2)
       ON CONFLICT (environment_id) DO UPDATE SET event_time = greatest(t.event_time, excluded.event_time)`,
      [environmentId, new Date(to)],
    );
  }

  private timeOf({ kind, eventTime }: Row): EpochMs | null {
    return kind === 'simulated' ? (eventTime?.getTime() ?? null) : this.clock.now();
  }
}
