/** Bytes that a request brings into a pod and takes out of it: the model has no sizes. */
export const BYTES_IN = 2_000;
export const BYTES_OUT = 8_000;
