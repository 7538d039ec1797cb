import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { UsageError, withFile } from '../usage-error.js';

/**
 * Detection settings as the service keeps them (`GET .../detection-settings`), in YAML or JSON.
 *
 * @throws UsageError with file, line and column of every mistake
 */
export async function readConfig(
  file: string,
): Promise<{ readonly name: string; readonly settings: DetectionSettings }> {
  const { detectionSettings } = await import('../../../modules/anomaly-detection/settings/settings.schema.js');
  const text = withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken !== undefined) throw new UsageError(`${at(broken.pos[0])}: ${broken.message.split('\n')[0]!}`);
  const parsed = detectionSettings.safeParse(document.toJS() ?? {});
  if (parsed.success) return { name: basename(file), settings: parsed.data as DetectionSettings };
  const messages = parsed.error.issues.map(({ path, message }) => {
    let known = [...path];
    while (known.length > 0 && document.getIn(known, true) === undefined) known = known.slice(0, -1);
    const node = document.getIn(known, true) as { range?: readonly number[] } | undefined;
    return `${at(node?.range?.[0] ?? 0)}: ${path.map(String).join('.') || 'the document'}: ${message}`;
  });
  throw new UsageError(messages.join('\n'));
}
