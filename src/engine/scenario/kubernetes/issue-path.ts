import type { Path } from '../text/tree.types.js';

const STEP = /\.?([^.[\]]+)|\[(\d+)\]|\[([^\]]+)\]/y;

/** Steps of a path as parsers of Kubernetes objects print it: `spec.metrics[0].type`, `metadata.annotations[a/b]`. */
export function parseIssuePath(text: string): Path {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let match = STEP.exec(text); match; match = STEP.exec(text)) {
    path.push(match[2] !== undefined ? Number(match[2]) : (match[1] ?? match[3]!));
    if (STEP.lastIndex >= text.length) break;
  }
  return path;
}
