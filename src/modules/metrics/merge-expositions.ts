interface Family {
  readonly comments: string[];
  readonly samples: string[];
}

const COMMENT = /^# (?:HELP|TYPE|UNIT) (\S+)/;

/**
 * One valid exposition from those of several processes (Prometheus text format 0.0.4): HELP and TYPE once per family
 * and its samples together. The processes tell their samples apart by the label `process`.
 */
export function mergeExpositions(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) {
    // prom-client writes HELP and TYPE before the samples of a family, always.
    let current: Family | undefined;
    let adding = false;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const name = COMMENT.exec(line)?.[1];
      if (name === undefined) {
        if (!line.startsWith('#')) current?.samples.push(line);
        continue;
      }
      const known = families.get(name);
      if (known === undefined) {
        current = { comments: [], samples: [] };
        families.set(name, current);
        adding = true;
      } else if (known !== current) {
        current = known;
        adding = false;
      }
      if (adding) current!.comments.push(line);
    }
  }
  let merged = '';
  for (const { comments, samples } of families.values()) merged += [...comments, ...samples].join('\n') + '\n';
  return merged;
}
