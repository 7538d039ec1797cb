import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Transform } from 'node:stream';

/** What strangers may make us hold in memory per request: enough for a login. */
const FREE_BYTES = 65_536;

/** Who may send a large body. `modules/auth` knows; where nobody does, everybody may. */
export abstract class LargeBodyGate {
  /** Throws what the request is to be refused with. Sees the headers only. */
  abstract authenticate(request: FastifyRequest): Promise<unknown>;
}

/**
 * Guards run when the body has been read. Without this, anybody could make us hold as many bodies of the largest size
 * as they can open connections, whatever the guard says in the end.
 */
export function gateLargeBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  let gate: LargeBodyGate | null | undefined;
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const chunked = request.headers['transfer-encoding'] !== undefined;
    if (!chunked && Number(request.headers['content-length'] ?? 0) <= FREE_BYTES) {
      done(null, payload);
      return;
    }
    if (gate === undefined) gate = find(app);
    Promise.resolve(gate?.authenticate(request)).then(
      () => done(null, payload),
      (error: Error) => {
        // Node discards what still comes, so that the sender can read the answer.
        if (chunked) done(null, payload.pipe(freeBytesOr(error)));
        else done(error);
      },
    );
  });
}

/** How long a chunked body is shows only as it comes. */
function freeBytesOr(error: Error): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      seen += chunk.length;
      if (seen > FREE_BYTES) pass(error);
      else pass(null, chunk);
    },
  });
}

function find(app: NestFastifyApplication): LargeBodyGate | null {
  try {
    return app.get(LargeBodyGate, { strict: false });
  } catch {
    return null;
  }
}
