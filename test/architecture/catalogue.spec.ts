import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/app/catalogue.js';
import { allSections } from '../../src/app/preparation.js';
import { fieldsOf } from '../../src/platform/config/schema-fields.js';
import { LAUNCH_VARIABLES } from '../../src/platform/registry/launch-settings.js';
import { flagOf } from '../../src/platform/registry/resolve-features.js';
import { forbidsImport } from './support/dependency-rules.js';
import { inProject, readText, repositoryFiles } from './support/repository.js';

const MODULES = CATALOGUE.filter(({ tier }) => tier === 3).map(({ id }) => id);

const repeated = (names: readonly string[]): readonly string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);

describe('the module catalogue', () => {
  it('names each module and each flag once', () => {
    expect(repeated(CATALOGUE.map(({ id }) => id))).toEqual([]);
    expect(repeated(CATALOGUE.map(({ id }) => flagOf(id)))).toEqual([]);
  });

  it('names exactly the folders that there are', () => {
    const folders = (tier: string): readonly string[] =>
      existsSync(inProject('src', tier)) ? readdirSync(inProject('src', tier)) : [];

    expect(folders('modules').toSorted()).toEqual(MODULES.toSorted());
    expect(folders('experimental').toSorted()).toEqual(
      CATALOGUE.filter(({ tier }) => tier === 4)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it('has the order of the import rules: no module may import one that comes later', () => {
    const wrong = MODULES.flatMap((later, index) =>
      MODULES.slice(0, index)
        .filter((earlier) => !forbidsImport(earlier, later))
        .map((earlier) => `${earlier} may import ${later}`),
    );

    expect(wrong).toEqual([]);
  });

  it('lets a module import what it depends on', () => {
    const wrong = CATALOGUE.filter(({ tier }) => tier === 3).flatMap(({ id, dependsOn }) =>
      dependsOn.filter((dependency) => forbidsImport(id, dependency)).map((dependency) => `${id} on ${dependency}`),
    );

    expect(wrong).toEqual([]);
  });

  it('declares every other module that the sources of a module import', () => {
    const undeclared = repositoryFiles()
      .filter((file) => /^src\/(modules|experimental)\/.*\.ts$/.test(file) && !file.endsWith('.spec.ts'))
      .flatMap((file) => {
        const id = file.split('/')[2]!;
        const { dependsOn } = CATALOGUE.find((definition) => definition.id === id)!;
        // A type vanishes, so a module can do without the one that it is from.
        const imports = readText(file).matchAll(
          /^import (?!type )[^;]*? from '(?:\.\.\/)+(?:modules\/)?([a-z-]+)\/index\.js'/gm,
        );
        return [...imports]
          .map(([, other]) => other!)
          .filter((other) => MODULES.includes(other) && !reaches(dependsOn, other))
          .map((other) => `${id} imports ${other} (${file})`);
      });

    expect(undeclared).toEqual([]);
  });

  it('loads modules only when they are on: nothing in src/app imports one statically', () => {
    const eager = repositoryFiles()
      .filter((file) => /^src\/(app\/.*|main)\.ts$/.test(file) && !file.endsWith('.spec.ts'))
      .filter((file) => /^(import|export) (?!type )[^;]*? from '[^']*\/(modules|experimental)\//m.test(readText(file)));

    expect(eager).toEqual([]);
  });
});

describe('the configuration', () => {
  it('has each section, setting and variable once', async () => {
    const sections = await allSections();
    const fields = sections.flatMap(fieldsOf);
    const variables = [
      ...LAUNCH_VARIABLES.map(({ name }) => name),
      ...CATALOGUE.map(({ id }) => flagOf(id)),
      ...fields.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])),
    ];

    expect(repeated(sections.map(({ key }) => key))).toEqual([]);
    expect(repeated(sections.map(({ token }) => token))).toEqual([]);
    expect(repeated(fields.map(({ key }) => key))).toEqual([]);
    expect(repeated(variables)).toEqual([]);
  });

  it('explains every setting', async () => {
    const silent = (await allSections()).flatMap(fieldsOf).filter(({ description }) => description.trim().length < 5);

    expect(silent.map(({ key }) => key)).toEqual([]);
  });

  it('treats as secret what sounds like one', async () => {
    const open = (await allSections())
      .flatMap(fieldsOf)
      .filter(({ key, kind }) => kind === 'string' && /password|secret|token$/i.test(key))
      .filter(({ secret }) => !secret);

    expect(open.map(({ key }) => key)).toEqual([]);
  });
});

/** Dependencies of dependencies count: they are on as well. */
function reaches(dependsOn: readonly string[], wanted: string): boolean {
  return dependsOn.some(
    (id) => id === wanted || reaches(CATALOGUE.find((definition) => definition.id === id)?.dependsOn ?? [], wanted),
  );
}
