import { deserialize, serialize } from 'node:v8';
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Plain data as compressed bytes. JSON would lose what it does not know: infinities, NaN, typed arrays, Maps. */
export async function packData(data: unknown): Promise<Buffer> {
  return deflate(serialize(data), { level: constants.Z_BEST_SPEED });
}

/** Throws where the bytes are none of ours. */
export async function unpackData(bytes: Buffer): Promise<unknown> {
  return deserialize(await inflate(bytes));
}
