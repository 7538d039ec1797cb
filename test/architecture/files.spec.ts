import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles, sourceFiles } from './support/repository.js';

const MAXIMUM = 400;
const P90 = 250;

const lines = (file: string): number => readText(file).split('\n').length - 1;
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

describe('source files', () => {
  it('are short', () => {
    const sizes = new Map(sourceFiles().map((file) => [file, lines(file)]));
    const figures = ['src', 'web', 'migrations'].map((folder) => {
      const sorted = [...sizes]
        .filter(([file]) => file.startsWith(`${folder}/`))
        .map(([, size]) => size)
        .toSorted((a, b) => a - b);
      return {
        folder,
        files: sorted.length,
        median: quantile(sorted, 0.5),
        p90: quantile(sorted, 0.9),
        max: sorted.at(-1)!,
      };
    });
    for (const { folder, files, median, p90, max } of figures) {
      console.info(`lines per file in ${folder}: ${files} files, median ${median}, p90 ${p90}, longest ${max}`);
    }

    expect([...sizes].filter(([, size]) => size > MAXIMUM)).toEqual([]);
    for (const { folder, p90 } of figures) expect(p90, folder).toBeLessThanOrEqual(P90);
  });

  it('leave nothing for later', () => {
    const unfinished = sourceFiles().filter((file) => /\b(TODO|FIXME|XXX|HACK)\b/.test(readText(file)));
    const specs = repositoryFiles().filter((file) => file.endsWith('.spec.ts'));

    expect(unfinished).toEqual([]);
    expect(specs.filter((file) => /\b(it|test|describe)\.(skip|only|todo|fails)\b/.test(readText(file)))).toEqual([]);
  });

  it('know no circular injection and no default exports', () => {
    const wrong = sourceFiles().filter((file) => /\bforwardRef\(|^export default /m.test(readText(file)));

    // Vite insists on one.
    expect(wrong.filter((file) => !file.endsWith('.config.ts'))).toEqual([]);
  });

  it('read the environment in one place', () => {
    const readers = sourceFiles().filter(
      (file) => file.startsWith('src/') && /\bprocess\.env\b/.test(stripComments(readText(file))),
    );

    expect(readers.filter((file) => !file.startsWith('src/platform/config/'))).toEqual([]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}
