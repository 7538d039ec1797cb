import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { NO_SETTINGS, type DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { diffSettings, type SettingsDifference } from '../../../engine/detection/settings/diff-settings.js';
import { Clock } from '../../../kernel/clock.js';
import type { Page } from '../../../kernel/page.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { AuditTrail } from '../../audit/index.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { PreconditionMissingError, SettingsChangedError, SettingsVersionNotFoundError } from './settings.errors.js';
import { SettingsRepository, type SettingsVersionRow } from './settings.repository.js';

const cursorKey = z.tuple([cursorPart.integer]);
const NEWEST = 0x7fffffff;

const UNSAVED: SettingsVersionRow = {
  version: 0,
  document: NO_SETTINGS,
  comment: 'Nobody has saved settings: the configuration file and built-in rules hold.',
  restoredFrom: null,
  createdBy: null,
  createdAt: new Date(0),
};

/** Versions of an environment's detection settings: read, saved, compared, restored. Nothing is overwritten. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly environments: EnvironmentsReader,
    private readonly settings: SettingsRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async current(environmentId: string): Promise<SettingsVersionRow> {
    await this.environments.get(environmentId);
    const { version } = await this.settings.head(environmentId);
    return this.versionOf(environmentId, version);
  }

  /** Version 0 is what holds before anybody saved. Throws `anomaly_detection.settings_version_not_found`. */
  async versionOf(environmentId: string, version: number): Promise<SettingsVersionRow> {
    if (version === 0) return UNSAVED;
    const row = await this.settings.find(environmentId, version);
    if (!row) throw new SettingsVersionNotFoundError(version);
    return row;
  }

  /** @param ifMatch the ETag of the version that was changed */
  async save(
    principal: Principal,
    environmentId: string,
    ifMatch: string | undefined,
    change: { readonly document: DetectionSettings; readonly comment: string },
  ): Promise<SettingsVersionRow> {
    await this.environments.get(environmentId);
    return this.database.transaction(async (tx) => {
      const head = await this.settings.lockHead(tx, environmentId);
      checkPrecondition(ifMatch, head.version);
      return this.insert(tx, principal, environmentId, head.version, { ...change, restoredFrom: null });
    });
  }

  /** An older version becomes the newest; version 0 takes all settings back. */
  async restore(
    principal: Principal,
    environmentId: string,
    version: number,
    comment: string | undefined,
  ): Promise<SettingsVersionRow> {
    await this.environments.get(environmentId);
    const { document } = await this.versionOf(environmentId, version);
    return this.database.transaction(async (tx) => {
      const head = await this.settings.lockHead(tx, environmentId);
      const why = comment ?? (version === 0 ? 'Took all settings back' : `Restored version ${version}`);
      return this.insert(tx, principal, environmentId, head.version, { document, comment: why, restoredFrom: version });
    });
  }

  /** Newest first. */
  async page(environmentId: string, limit: number, cursor?: string): Promise<Page<SettingsVersionRow>> {
    await this.environments.get(environmentId);
    const before = cursor === undefined ? NEWEST : readCursor(cursor, cursorKey)[0];
    const rows = await this.settings.list(environmentId, limit + 1, before);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)!.version]) : null };
  }

  async diff(environmentId: string, from: number, to: number): Promise<SettingsDifference[]> {
    await this.environments.get(environmentId);
    const [before, after] = await Promise.all([this.versionOf(environmentId, from), this.versionOf(environmentId, to)]);
    return diffSettings(before.document, after.document);
  }

  private async insert(
    tx: Transaction,
    principal: Principal,
    environmentId: string,
    current: number,
    change: Pick<SettingsVersionRow, 'document' | 'comment' | 'restoredFrom'>,
  ): Promise<SettingsVersionRow> {
    const row = {
      ...change,
      version: current + 1,
      createdBy: principal.name,
      createdAt: new Date(this.clock.now()),
    };
    await this.settings.insert(tx, environmentId, row);
    const before = current === 0 ? UNSAVED : await this.settings.find(environmentId, current);
    await this.audit.record(tx, {
      action: 'anomaly-detection.save-settings',
      actor: principal,
      subjectType: 'detection-settings',
      subjectId: environmentId,
      environmentId,
      outcome: 'allowed',
      details: {
        version: row.version,
        comment: row.comment,
        restoredFrom: row.restoredFrom,
        changed: diffSettings(before?.document ?? NO_SETTINGS, row.document).map(({ path }) => path),
      },
    });
    return row;
  }
}

export function etagOf(version: number): string {
  return `"${version}"`;
}

function checkPrecondition(ifMatch: string | undefined, current: number): void {
  if (ifMatch === undefined) throw new PreconditionMissingError(current);
  if (ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes(etagOf(current))) throw new SettingsChangedError(current);
}
