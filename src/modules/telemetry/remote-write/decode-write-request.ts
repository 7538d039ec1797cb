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
  throw new Error(`not ready: ${protocol} ${message.length} ${cache.size} ${limits.maxLabelsPerSeries}`);
}

/**
 * Puts the ids that were given to `decoded.newSeries` (same order) into `seriesIds` and `staleSeriesIds`, and
 * remembers them for later requests. Call it once the series exist durably.
 */
export function bindNewSeries(decoded: DecodedWrite, ids: ArrayLike<number>, cache: SeriesKeyCache): void {
  throw new Error(`not ready: ${decoded.protocol} ${ids.length} ${cache.size}`);
}
