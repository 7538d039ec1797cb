import { describe, expect, it } from 'vitest';
import { PinoLogger } from './pino-logger.js';
import { runWithRequestContext } from './request-context.js';

async function capture(): Promise<{ logger: PinoLogger; lines: () => Record<string, unknown>[] }> {
  const written: string[] = [];
  const logger = await PinoLogger.create({
    level: 'info',
    format: 'json',
    process: 'api',
    destination: { write: (line) => void written.push(line) },
  });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('PinoLogger', () => {
  it('writes text and structure with level, time, process and context', async () => {
    const { logger, lines } = await capture();
    logger.log('started', 'Boot');
    logger.warn({ msg: 'packed', samples: 3 }, 'Packer');
    expect(lines()[0]).toMatchObject({ level: 'info', msg: 'started', context: 'Boot', process: 'api' });
    expect(new Date(String(lines()[0]!.time)).getTime()).not.toBeNaN();
    expect(lines()[1]).toMatchObject({ level: 'warn', msg: 'packed', samples: 3, context: 'Packer' });
  });

  it('writes errors with type, message and stack, however they are handed over', async () => {
    const { logger, lines } = await capture();
    logger.error(new TypeError('boom'), 'A');
    logger.error({ msg: 'failed', err: new RangeError('inner') }, 'B');
    logger.error('text', new Error('x').stack, 'C');
    expect(lines()[0]).toMatchObject({ msg: 'boom', err: { type: 'TypeError', message: 'boom' } });
    expect(lines()[1]).toMatchObject({ msg: 'failed', err: { type: 'RangeError', message: 'inner' } });
    expect(String(lines()[2]!.stack)).toContain('Error: x');
  });

  it('hides secrets at any depth, and passwords in addresses', async () => {
    const { logger, lines } = await capture();
    logger.log({
      msg: 'connecting to postgres://app:hunter2@db/x',
      headers: { authorization: 'Bearer abc', cookie: 'dsim_session=abc', accept: 'json' },
      accessToken: 'abc',
      nested: [{ dbPassword: 'hunter2', url: 'rediss://u:hunter2@r:1' }],
      tokens: 3,
    });
    logger.error(Object.assign(new Error('no way to postgres://app:hunter2@db/x'), { password: 'hunter2' }));
    const text = JSON.stringify(lines());
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('abc');
    expect(lines()[0]).toMatchObject({ tokens: 3, headers: { accept: 'json' } });
    expect(text).toContain('postgres://app:[redacted]@db/x');
  });

  it('adds request and trace to lines of a request', async () => {
    const { logger, lines } = await capture();
    runWithRequestContext({ requestId: 'r-1', traceId: 't-1' }, () => logger.log('in'));
    logger.log('out');
    expect(lines()[0]).toMatchObject({ requestId: 'r-1', trace_id: 't-1' });
    expect(lines()[1]).not.toHaveProperty('requestId');
  });

  it('changes its level while it runs', async () => {
    const { logger, lines } = await capture();
    logger.debug('hidden');
    logger.set('debug');
    logger.debug('shown');
    logger.set('error');
    logger.warn('hidden again');
    expect(logger.level).toBe('error');
    expect(lines().map(({ msg }) => msg)).toEqual(['shown']);
  });

  it('survives entries that refer to themselves or are empty', async () => {
    const { logger, lines } = await capture();
    const loop: Record<string, unknown> = { msg: 'loop' };
    loop.self = loop;
    logger.log(loop);
    logger.log(undefined);
    logger.log(null, 'X');
    expect(lines()).toHaveLength(3);
  });
});
