/**
 * Decompresses block-format snappy (google/snappy, format_description.txt; never the framed format).
 *
 * @param maxLength most bytes the result may have; the claimed length is checked before anything is allocated
 * @throws WriteRequestTooLargeError, MalformedWriteRequestError
 */
export function decompressSnappy(input: Uint8Array, maxLength: number): Uint8Array {
  throw new Error(`not ready: ${input.length} ${maxLength}`);
}

/** Compresses into block-format snappy. */
export function compressSnappy(input: Uint8Array): Buffer {
  throw new Error(`not ready: ${input.length}`);
}
