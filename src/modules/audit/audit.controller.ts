import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../platform/http/paging.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { AuditRepository, type AuditRow } from './audit.repository.js';
import { auditPage, auditQuery, type auditEntryResponse } from './audit.schema.js';

const cursorKey = z.tuple([cursorPart.time, cursorPart.id]);

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
  const [at, id] = readCursor(cursor, cursorKey);
  return { at, id };
}

function toResponse(row: AuditRow): z.output<typeof auditEntryResponse> {
  const { actorKind, actorId, actorName, at, ...rest } = row;
  return { ...rest, at: at.toISOString(), actor: { kind: actorKind, id: actorId, name: actorName } };
}
