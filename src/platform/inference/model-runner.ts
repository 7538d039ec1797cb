/** A float32 tensor in row-major order. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Runs models. A run blocks its thread until it is done (onnxruntime-node's promise is synchronous inside), so only
 * workers use it, with whole batches.
 */
export abstract class ModelRunner {
  /**
   * Throws `inference.model_not_found`, `inference.input_refused` where names or shapes differ from the manifest,
   * and `inference.run_failed`.
   */
  abstract run(model: { readonly id: string; readonly version: string }, inputs: Tensors): Promise<Tensors>;
}
