import { WINDOW_MODEL } from '../../../../engine/detection/learned/window-model.js';
import type { FieldIssue } from '../../../../kernel/errors.js';

type Shape = readonly (number | string)[];

export interface OfferedTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape | null;
}

export interface OfferedGraph {
  readonly inputs: readonly OfferedTensor[];
  readonly outputs: readonly OfferedTensor[];
}

/**
 * What keeps a graph from being a window model, by tensor; empty where it is one. It must take `window` and give
 * `score`, may take and give the others of the contract, and the batch must be free.
 */
export function contractIssues(graph: OfferedGraph): FieldIssue[] {
  return [
    ...issuesOf('inputs', graph.inputs, WINDOW_MODEL.inputs, 'window'),
    ...issuesOf('outputs', graph.outputs, WINDOW_MODEL.outputs, 'score'),
  ];
}

export function isWindowModel(graph: OfferedGraph): boolean {
  return contractIssues(graph).length === 0;
}

function issuesOf(
  side: 'inputs' | 'outputs',
  offered: readonly OfferedTensor[],
  contract: Readonly<Record<string, Shape>>,
  required: string,
): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const known = Object.keys(contract).join(', ');
  if (!offered.some(({ name }) => name === required)) {
    const [shape, names] = [contract[required]!.join(', '), offered.map(({ name }) => name).join(', ') || 'nothing'];
    issues.push({
      path: `${side}.${required}`,
      message: `is missing: a window model has "${required}" of shape [${shape}] among its ${side}; this one has ${names}`,
    });
  }
  for (const { name, type, shape } of offered) {
    const path = `${side}.${name}`;
    const wanted = Object.hasOwn(contract, name) ? contract[name] : undefined;
    if (!wanted) issues.push({ path, message: `is not in the contract; rename or remove it (known: ${known})` });
    else if (type !== 'float32') issues.push({ path, message: `must be float32, not ${type}` });
    else if (!fits(shape, wanted)) {
      const [must, is] = [wanted.join(', '), shape === null ? 'unknown' : shape.join(', ')];
      issues.push({ path, message: `must have the shape [${must}] with a free batch size, not [${is}]` });
    }
  }
  return issues;
}

/** A size that the graph leaves open is checked by running it. The batch must be open. */
function fits(shape: Shape | null, wanted: Shape): boolean {
  if (shape === null) return true;
  if (shape.length !== wanted.length) return false;
  return wanted.every((size, axis) => {
    const offered = shape[axis]!;
    if (typeof size === 'string') return typeof offered === 'string' || offered < 1;
    return typeof offered === 'string' || offered < 1 || offered === size;
  });
}
