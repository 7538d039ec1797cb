import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { CommitHooks } from './commit-hooks.js';
import { isRetryableTransaction } from './connection-errors.js';
import { Database, type SqlParameter, type Transaction } from './database.js';
import { reasonOf } from './database.errors.js';
import { ReplicaPools } from './replica-pools.js';

type Hooks = (() => void)[];

@Injectable()
export class TypeOrmDatabase extends Database implements CommitHooks {
  private readonly logger = new Logger('Database');
  private readonly hooks = new WeakMap<Transaction, Hooks>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly replicas: ReplicaPools,
  ) {
    super();
  }

  override async query<Row extends object>(sql: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner('master');
    try {
      const result = await runner.query(sql, [...parameters], true);
      return result.records as Row[];
    } finally {
      await runner.release();
    }
  }

  override async read<Row extends object>(sql: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    return (await this.replicas.query<Row>(sql, parameters)) ?? this.query<Row>(sql, parameters);
  }

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.attempt(work);
    } catch (error) {
      if (!isRetryableTransaction(error)) throw error;
      this.logger.debug({ msg: 'transaction runs again', reason: reasonOf(error) });
      return this.attempt(work);
    }
  }

  override async copyIn(tx: Transaction, sql: string, chunks: Iterable<Buffer>): Promise<void> {
    const client = (await tx.queryRunner!.connect()) as PoolClient;
    await pipeline(Readable.from(chunks, { objectMode: false }), client.query(copyFrom(sql)));
  }

  override async lock(tx: Transaction, name: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  override async tryLock(tx: Transaction, name: string): Promise<boolean> {
    const [row] = await tx.query<{ locked: boolean }[]>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked',
      [name],
    );
    return row!.locked;
  }

  afterCommit(tx: Transaction, hook: () => void): void {
    this.hooks.get(tx)?.push(hook);
  }

  private async attempt<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const hooks: Hooks = [];
    const result = await this.dataSource.transaction('READ COMMITTED', (tx) => {
      this.hooks.set(tx, hooks);
      return work(tx);
    });
    for (const hook of hooks) hook();
    return result;
  }
}
