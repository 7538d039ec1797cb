import { ModelInputError } from './inference.errors.js';
import type { ModelManifest } from './model-manifest.js';
import type { Tensors } from './model-runner.js';

/** Names and shapes as in the manifest; a named size must be the same wherever it stands. Answers the named sizes. */
export function checkInputs(manifest: ModelManifest, inputs: Tensors): ReadonlyMap<string, number> {
  const model = `${manifest.id}@${manifest.version}`;
  const sizes = new Map<string, number>();
  for (const { name, shape } of manifest.inputs) {
    const tensor = inputs[name];
    if (!tensor) throw new ModelInputError(model, `the input "${name}" is missing`);
    const { dims, data } = tensor;
    const wanted = `"${name}" must have the shape [${shape.join(', ')}], not [${dims.join(', ')}]`;
    if (dims.length !== shape.length) throw new ModelInputError(model, wanted);
    shape.forEach((size, axis) => {
      const expected = typeof size === 'number' ? size : (sizes.get(size) ?? dims[axis]!);
      if (dims[axis] !== expected || expected < 1) throw new ModelInputError(model, wanted);
      if (typeof size === 'string') sizes.set(size, expected);
    });
    const length = dims.reduce((product, size) => product * size, 1);
    if (data.length !== length) {
      throw new ModelInputError(model, `"${name}" has ${data.length} numbers, its shape says ${length}`);
    }
  }
  return sizes;
}
