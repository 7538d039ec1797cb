import type { Tensors } from './model-runner.js';

/** What a graph says of one of its inputs or outputs. */
export interface GraphTensor {
  readonly name: string;
  /** `float32`, `int64`, ... or what it is where it is no tensor. */
  readonly type: string;
  /** A name stands for a size that may vary; null where the graph says nothing of the shape. */
  readonly shape: readonly (number | string)[] | null;
}

export interface GraphShape {
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

/** From the parent to the process that holds the sessions; each is answered once, in order. */
export type HostRequest =
  | { readonly id: number; readonly type: 'open'; readonly key: string; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'run'; readonly key: string; readonly inputs: Tensors }
  | { readonly id: number; readonly type: 'close'; readonly key: string };

export type HostAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly shape?: GraphShape;
      readonly outputs?: Tensors;
      readonly ms: number;
    }
  | { readonly id: number; readonly ok: false; readonly message: string };
