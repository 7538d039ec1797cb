import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { LineCounter, isMap, isScalar, parseDocument } from 'yaml';
import type { ConfigurationIssue } from './configuration-error.js';
import { PROJECT_DIR } from './environment.js';

export interface YamlSource {
  readonly content: Readonly<Record<string, unknown>>;
  /** `config/base.yaml:12` for a dotted path; the file alone where the path is not in it. */
  locate(path: readonly string[]): string;
}

/** Reads one YAML file. Duplicate keys and bad syntax become issues; a missing file is an issue unless optional. */
export function readYaml(file: string, issues: ConfigurationIssue[], optional = false): YamlSource {
  const name = relative(PROJECT_DIR, file).startsWith('..') ? file : relative(PROJECT_DIR, file);
  const empty: YamlSource = { content: {}, locate: () => name };
  if (!existsSync(file)) {
    if (!optional) {
      issues.push({
        key: name,
        source: 'DSIM_CONFIG_DIR',
        problem: 'the file does not exist.',
        cure: 'Point DSIM_CONFIG_DIR at a folder with base.yaml and one YAML file per profile, or unset it.',
      });
    }
    return empty;
  }
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, uniqueKeys: true });
  for (const error of document.errors) {
    issues.push({
      key: name,
      source: `${name}:${lines.linePos(error.pos[0]).line}`,
      problem: `${error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? 'not valid YAML'}.`,
      cure: 'Correct the YAML syntax on this line.',
    });
  }
  if (document.errors.length > 0) return empty;
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    issues.push({
      key: name,
      source: name,
      problem: 'is not a map of sections.',
      cure: 'Write `section:` and its keys.',
    });
    return empty;
  }
  return {
    content: content as Record<string, unknown>,
    locate(path) {
      let node: unknown = document.contents;
      let line: number | undefined;
      for (const part of path) {
        if (!isMap(node)) break;
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
        if (!pair) break;
        const start = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
        if (start !== undefined) line = lines.linePos(start).line;
        node = pair.value;
      }
      return line === undefined ? name : `${name}:${line}`;
    },
  };
}
