import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject, readText, repositoryFiles, sourceFiles } from './support/repository.js';

const MODULES = readdirSync(inProject('src/modules'));
/** Metrics that a file declares; elsewhere a name of this form may be something else, such as a cookie. */
const metricsIn = (file: string): readonly string[] =>
  /metrics\.ts$|build-info\.ts$/.test(file)
    ? [...readText(file).matchAll(/'(dsim_[a-z_]+)'/g)].map(([, name]) => name!)
    : [];
const queuesIn = (file: string): readonly string[] =>
  [...readText(file).matchAll(/\bqueue: '([^']+)'/g)].map(([, name]) => name!);
const inModule = (module: string): readonly string[] =>
  sourceFiles().filter((file) => file.startsWith(`src/modules/${module}/`));

describe.each(MODULES)('module %s', (module) => {
  it('has a README of one screen that names its metrics, its queues and the events it publishes', () => {
    const path = `src/modules/${module}/README.md`;
    expect(existsSync(inProject(path)), path).toBe(true);
    const text = readText(path);
    expect(text.split('\n').length).toBeLessThanOrEqual(90);
    expect(text.startsWith(`# ${module}\n`)).toBe(true);
    const missing = inModule(module)
      .flatMap((file) => [...metricsIn(file), ...queuesIn(file)])
      .filter(
        // `dsim_telemetry_{journal_samples,journal_age_seconds}` and `..._journal_samples` name it too.
        (name) => !text.includes(name) && !text.includes(name.replace(`dsim_${module.replaceAll('-', '_')}_`, '')),
      );
    expect(missing).toEqual([]);
  });

  it('shows others neither entities nor controllers nor repositories', () => {
    const index = `src/modules/${module}/index.ts`;
    if (!existsSync(inProject(index))) return;

    expect(readText(index)).not.toMatch(/\.(entity|controller|repository|processor|module)\.js'/);
  });

  it('calls its queues and metrics after itself', () => {
    const prefix = module.replaceAll('-', '_');
    const wrong = inModule(module).flatMap((file) => [
      ...metricsIn(file).filter((name) => !name.startsWith(`dsim_${prefix}_`) && name !== 'dsim_build_info'),
      ...queuesIn(file).filter((name) => !name.startsWith(`${module}-`) || !/^[a-z]+(-[a-z]+)+$/.test(name)),
    ]);

    expect(wrong).toEqual([]);
  });
});

describe('barrels', () => {
  it('are only the public surface of a module', () => {
    const others = repositoryFiles().filter((file) => /^(src|web\/src)\/.*(^|\/)index\.tsx?$/.test(file));

    expect(others.filter((file) => !/^src\/modules\/[^/]+\/index\.ts$/.test(file))).toEqual([]);
  });

  it('exist where another module imports them', () => {
    const imported = sourceFiles().flatMap((file) =>
      [...readText(file).matchAll(/'(?:\.\.\/)+modules\/([a-z-]+)\/index\.js'/g)].map(([, module]) => module!),
    );

    for (const module of new Set(imported))
      expect(existsSync(inProject('src/modules', module, 'index.ts')), module).toBe(true);
  });
});
