import type { z } from 'zod';
import type { ConfigurationIssue } from './configuration-error.js';
import type { AnyConfigSection } from './define-config.js';
import { didYouMean } from './did-you-mean.js';
import { isPlainObject } from './objects.js';
import { coreOf, definitionOf } from './schema-fields.js';
import type { YamlSource } from './yaml-source.js';

/** Reports every key of a YAML file that no schema knows: a misspelt setting must not be silently without effect. */
export async function checkUnknownKeys(
  source: YamlSource,
  sections: readonly AnyConfigSection[],
  dormantSections: (() => Promise<readonly string[]>) | undefined,
  issues: ConfigurationIssue[],
): Promise<void> {
  for (const [key, value] of Object.entries(source.content)) {
    const section = sections.find((candidate) => candidate.key === key);
    if (section) {
      if (isPlainObject(value)) walk(section.schema, value, [key], source, issues);
      else if (value !== null) {
        issues.push({
          key,
          source: source.locate([key]),
          problem: 'is not a map of settings.',
          cure: `Write the keys of ${key} below it, indented.`,
        });
      }
      continue;
    }
    const dormant = (await dormantSections?.()) ?? [];
    if (dormant.includes(key)) continue;
    const known = [...sections.map((candidate) => candidate.key), ...dormant];
    issues.push({
      key,
      source: source.locate([key]),
      problem: `no section has this name.${didYouMean(key, known)}`,
      cure: `Remove it or correct its name; sections are ${known.toSorted().join(', ')}.`,
    });
  }
}

function walk(
  schema: z.ZodType,
  value: unknown,
  path: readonly string[],
  source: YamlSource,
  issues: ConfigurationIssue[],
): void {
  const { type, shape, element } = definitionOf(coreOf(schema));
  if (type === 'array' && element && Array.isArray(value)) {
    value.forEach((item, index) => walk(element, item, [...path, String(index)], source, issues));
  }
  if (type !== 'object' || !shape || !isPlainObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (shape[key]) walk(shape[key], child, [...path, key], source, issues);
    else {
      issues.push({
        key: [...path, key].join('.'),
        source: source.locate([...path, key]),
        problem: `no setting has this name.${didYouMean(key, Object.keys(shape))}`,
        cure: 'Remove it or correct its name; docs/configuration.md lists all settings.',
      });
      delete value[key];
    }
  }
}
