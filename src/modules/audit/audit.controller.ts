import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../platform/http/access.js';
import { decodeCursor, encodeCursor } from '../../platform/http/paging.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { InvalidAuditCursorError } from './audit.errors.js';
import { AuditRepository, type AuditRow } from './audit.repository.js';
import { auditPage, auditQuery, type auditEntryResponse } from './audit.schema.js';

const cursorKey = z.tuple([z.iso.datetime(), z.uuid()]);

@ApiTags('audit')
@Controller('audit')
@Access('audit:read')
export class AuditController {
  constructor(private readonly entries: AuditRepository) {}

  @Get()
  @Returns(200, auditPage)
  async list(@Query({ schema: auditQuery }) query: z.output<typeof auditQuery>): Promise<z.output<typeof auditPage>> {
    const { limit, cursor, ...filter } = query;
    const found = await this.entries.list(limit + 1, filter, cursor === undefined ? undefined : keyOf(cursor));
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const nextCursor = found.length > limit && last ? encodeCursor([last.at.toISOString(), last.id]) : null;
    return { items: rows.map(toResponse), nextCursor };
  }
}

function keyOf(cursor: string): { at: string; id: string } {
  const key = cursorKey.safeParse(decodeCursor(cursor));
  if (!key.success) throw new InvalidAuditCursorError();
  return { at: key.data[0], id: key.data[1] };
}

function toResponse(row: AuditRow): z.output<typeof auditEntryResponse> {
  const { actorKind, actorId, actorName, at, ...rest } = row;
  return { ...rest, at: at.toISOString(), actor: { kind: actorKind, id: actorId, name: actorName } };
}
