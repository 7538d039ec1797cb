import { describe, expect, it } from 'vitest';
import { UnsupportedWriteMediaTypeError } from './remote-write.errors.js';
import { chooseWriteProtocol } from './write-protocol.js';

describe('chooseWriteProtocol', () => {
  it.each([
    ['application/x-protobuf', 'v1'],
    ['Application/X-Protobuf', 'v1'],
    ['application/x-protobuf;proto=prometheus.WriteRequest', 'v1'],
    ['application/x-protobuf;proto=io.prometheus.write.v2.Request', 'v2'],
    ['application/x-protobuf; charset=binary; Proto="io.prometheus.write.v2.Request"', 'v2'],
  ])('%s is %s', (contentType, protocol) => {
    expect(chooseWriteProtocol(contentType, 'Snappy')).toBe(protocol);
  });

  it.each([
    ['application/json', 'snappy'],
    ['application/x-protobuf;proto=io.prometheus.write.v3.Request', 'snappy'],
    ['application/x-protobuf', 'gzip'],
    ['application/x-protobuf', undefined],
    [undefined, 'snappy'],
    ['', 'snappy'],
  ])('refuses %s with encoding %s', (contentType, encoding) => {
    expect(() => chooseWriteProtocol(contentType, encoding)).toThrow(UnsupportedWriteMediaTypeError);
  });
});
