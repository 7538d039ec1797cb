import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { SnapshotRepository, type SnapshotKind, type SnapshotRow } from '../data/snapshot.repository.js';
import { decodeSnapshot, type SnapshotEntry } from './snapshot-codec.js';

const unpack = promisify<Buffer, Buffer>(inflate);

/** Reads snapshots, for whoever goes on from them and for whoever wants to know what was learned. */
@Injectable()
export class SnapshotReader {
  constructor(private readonly snapshots: SnapshotRepository) {}

  find(environmentId: string, shard: number, kind: SnapshotKind): Promise<SnapshotRow | undefined> {
    return this.snapshots.find(environmentId, shard, kind);
  }

  /** Throws where the bytes are not what was written. */
  async entriesOf({ states }: Pick<SnapshotRow, 'states'>): Promise<readonly SnapshotEntry[]> {
    return decodeSnapshot(await unpack(states));
  }
}
