import { V1Decoder } from './decode-v1.js';
import { V2Decoder } from './decode-v2.js';
import { type DecodedWrite, DEFAULT_LABEL_LIMITS, type LabelLimits, type WriteProtocol } from './decoded-write.js';
import type { SeriesKeyCache } from './series-key-cache.js';

/**
 * Decodes a decompressed remote-write message into columns.
 *
 * @param cache of the environment the request is for; read here, filled by `bindNewSeries`
 * @throws MalformedWriteRequestError where the bytes are not the message they claim to be
 * @throws InvalidWriteRequestError where labels or timestamps break the data model or the limits
 */
export function decodeWriteRequest(
  protocol: WriteProtocol,
  message: Uint8Array,
  cache: SeriesKeyCache,
  limits: LabelLimits = DEFAULT_LABEL_LIMITS,
): DecodedWrite {
  return protocol === 'v1'
    ? new V1Decoder(message, cache, limits).decode()
    : new V2Decoder(message, cache, limits).decode();
}

/**
 * Puts the ids that were given to `decoded.newSeries` (same order) into `seriesIds` and `staleSeriesIds`, and
 * remembers them for later requests. Negative ids stand for series that were refused. Call it once the series exist durably.
 */
export function bindNewSeries(decoded: DecodedWrite, ids: ArrayLike<number>, cache: SeriesKeyCache): void {
  const { newSeries } = decoded;
  if (ids.length !== newSeries.length) {
    throw new RangeError(`${newSeries.length} new series need as many ids, not ${ids.length}`);
  }
  if (newSeries.length === 0) return;
  for (const column of [decoded.seriesIds, decoded.staleSeriesIds]) {
    for (let i = 0; i < column.length; i++) {
      const reference = column[i]!;
      if (reference < 0) column[i] = ids[-1 - reference]!;
    }
  }
  newSeries.forEach(({ key }, i) => {
    if (ids[i]! >= 0) cache.remember(decoded.protocol, key, ids[i]!);
  });
}
