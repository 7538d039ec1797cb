import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, type ErrorKind } from '../../../../src/kernel/errors.js';
import { currentRequestContext } from '../../../../src/platform/observability/request-context.js';
import { Returns } from '../../../../src/platform/http/returns.decorator.js';

const body = z.object({
  name: z.string(),
  series: z.array(z.object({ samples: z.number() })).default([]),
});

class ProbeError extends DomainError {}

/** A controller with one route per behaviour that the platform promises. */
@Controller('probe')
export class ProbeController {
  calls = 0;

  @Get()
  hello(): { hello: string } {
    return { hello: 'world' };
  }

  @Get('large')
  large(): { text: string } {
    return { text: 'x'.repeat(5_000) };
  }

  @Get('context')
  context(): unknown {
    return currentRequestContext();
  }

  @Post('context')
  async contextAfterBody(@Body() sent: unknown): Promise<unknown> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { sent, context: currentRequestContext() };
  }

  @Post('validated')
  @Returns(201, body)
  validated(@Body({ schema: body }) value: z.output<typeof body>): unknown {
    return value;
  }

  @Post('optional')
  @Returns(200)
  optional(@Body() sent: unknown): unknown {
    return { sent: sent ?? null };
  }

  @Post('note')
  @Returns(200)
  note(@Body({ schema: z.object({ note: z.string().optional() }).nullish() }) sent: { note?: string } | null): unknown {
    return { sent: sent ?? null };
  }

  @Get('items/:id')
  item(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: z.object({ limit: z.coerce.number().int().max(10).default(5) }) }) query: { limit: number },
  ): unknown {
    return { id, ...query };
  }

  @Get('fail/:kind')
  fail(@Param('kind') kind: ErrorKind): never {
    throw new ProbeError({ code: 'probe.failed', kind, message: `Failed as ${kind}.` });
  }

  @Get('crash')
  crash(): never {
    throw new TypeError('secret internals');
  }

  @Get('outage/:code')
  outage(@Param('code') code: string): never {
    throw Object.assign(new Error(`connect ${code} 10.0.0.1:5432`), { code });
  }

  @Post('count')
  @Returns(201)
  count(@Body() sent: unknown): { calls: number; sent: unknown } {
    this.calls += 1;
    return { calls: this.calls, sent };
  }

  @Get('slow')
  async slow(): Promise<{ done: true }> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  }

  @Post('binary')
  @Returns(200)
  binary(@Body() sent: unknown): unknown {
    return { buffer: Buffer.isBuffer(sent), length: Buffer.isBuffer(sent) ? sent.length : 0 };
  }
}

@Module({ controllers: [ProbeController] })
export class ProbeModule {}
