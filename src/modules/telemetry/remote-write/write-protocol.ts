import type { WriteProtocol } from './decoded-write.js';
import { UnsupportedWriteMediaTypeError } from './remote-write.errors.js';

/**
 * Chooses the message by the headers of the request, never by a guess at the bytes (remote write 2.0, "Protocol").
 *
 * @throws UnsupportedWriteMediaTypeError (415) for any other type or encoding
 */
export function chooseWriteProtocol(
  contentType: string | undefined,
  contentEncoding: string | undefined,
): WriteProtocol {
  if (contentEncoding?.trim().toLowerCase() !== 'snappy') {
    throw new UnsupportedWriteMediaTypeError(
      contentEncoding === undefined
        ? 'Content-Encoding is missing'
        : `Content-Encoding "${contentEncoding}" is not supported`,
    );
  }
  const [mediaType = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  if (mediaType.toLowerCase() === 'application/x-protobuf') {
    const message = protoParameter(parameters);
    if (message === undefined || message === 'prometheus.WriteRequest') return 'v1';
    if (message === 'io.prometheus.write.v2.Request') return 'v2';
  }
  throw new UnsupportedWriteMediaTypeError(
    contentType === undefined ? 'Content-Type is missing' : `Content-Type "${contentType}" is not supported`,
  );
}

/** RFC 9110, section 5.6.6: parameter names ignore case, values may be quoted. */
function protoParameter(parameters: readonly string[]): string | undefined {
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    if (equals < 0 || parameter.slice(0, equals).trim().toLowerCase() !== 'proto') continue;
    const value = parameter.slice(equals + 1).trim();
    return /^".*"$/.test(value) ? value.slice(1, -1) : value;
  }
  return undefined;
}
