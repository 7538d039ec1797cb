import type { WriteProtocol } from './decoded-write.js';

/**
 * Chooses the message by the headers of the request, never by a guess at the bytes (remote write 2.0, "Protocol").
 *
 * @throws UnsupportedWriteMediaTypeError (415) for any other type or encoding
 */
export function chooseWriteProtocol(contentType: string | undefined, contentEncoding: string | undefined): WriteProtocol {
  throw new Error(`not ready: ${contentType} ${contentEncoding}`);
}
