import { DomainError } from '../../../kernel/errors.js';

/** The body is not what its headers say; a sender must not retry it (400). `where` is a path such as `timeseries[3].samples[0]`. */
export class MalformedWriteRequestError extends DomainError {
  constructor(where: string, what: string) {
    super({
      code: 'telemetry.malformed_write_request',
      kind: 'invalid',
      message: `Remote-write body is malformed at ${where}: ${what}.`,
      issues: [{ path: where, message: what }],
    });
  }
}

/** Well-formed protobuf whose content breaks the Prometheus data model or our limits (400). */
export class InvalidWriteRequestError extends DomainError {
  constructor(where: string, what: string) {
    super({
      code: 'telemetry.invalid_write_request',
      kind: 'invalid',
      message: `Remote-write request is invalid at ${where}: ${what}.`,
      issues: [{ path: where, message: what }],
    });
  }
}

/** One series of a request cannot be stored; the others can. Never leaves the decoder. */
export class SeriesRefusedError extends InvalidWriteRequestError {
  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(where, what);
  }
}

/** The body would decompress to more than we accept (413). */
export class WriteRequestTooLargeError extends DomainError {
  constructor(claimedBytes: number, maxBytes: number) {
    super({
      code: 'telemetry.write_request_too_large',
      kind: 'too-large',
      message:
        `Remote-write body decompresses to ${claimedBytes} bytes; at most ${maxBytes} are accepted. ` +
        'Lower max_samples_per_send in the queue_config of the sender.',
    });
  }
}

/** Content-Type or Content-Encoding names something we do not speak (415). */
export class UnsupportedWriteMediaTypeError extends DomainError {
  constructor(what: string) {
    super({
      code: 'telemetry.unsupported_write_media_type',
      kind: 'unsupported-media-type',
      message:
        `${what}. Send Prometheus remote write 1.0 ("application/x-protobuf") or 2.0 ` +
        '("application/x-protobuf;proto=io.prometheus.write.v2.Request") with Content-Encoding "snappy".',
    });
  }
}
