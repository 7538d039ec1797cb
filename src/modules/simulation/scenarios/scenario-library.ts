import { Injectable } from '@nestjs/common';
import { readdir, readFile, stat } from 'node:fs/promises';
import { readFileSync, realpathSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { parseScenario } from '../../../engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Runtime } from '../../../platform/registry/runtime.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { ScenarioNotFoundError } from '../simulation.errors.js';

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const EXTENSION = '.yaml';
/** How a text that came over the API is called in messages. */
const SENT = 'scenario.yaml';

export interface Override {
  readonly path: string;
  readonly value: string;
}

export interface LibraryEntry {
  readonly name: string;
  readonly source: string;
  readonly scenario: Scenario;
}

/** The scenarios in the project's folder `scenarios/`. What is sent over the API may include files of it, and no others. */
@Injectable()
export class ScenarioLibrary {
  private readonly folder: string;
  private readonly remembered = new Map<string, { readonly changedAt: number; readonly entry: LibraryEntry }>();

  constructor(runtime: Runtime, @InjectConfig(simulationConfig) config: SimulationConfig) {
    this.folder = isAbsolute(config.scenariosDir) ? config.scenariosDir : join(runtime.projectDir, config.scenariosDir);
  }

  /** By name; a file that is no scenario is left out and can be asked for by name to learn why. */
  async list(): Promise<LibraryEntry[]> {
    const files = await readdir(this.folder).catch(() => []);
    const names = files.filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length));
    const entries: LibraryEntry[] = [];
    for (const name of names.toSorted()) {
      const entry = await this.get(name).catch(() => undefined);
      if (entry) entries.push(entry);
      // Reading one takes a while the first time: others have their turn in between.
      await nextTurn();
    }
    return entries;
  }

  /** Throws `simulation.scenario_not_found`, `scenario.invalid`. */
  async get(name: string): Promise<LibraryEntry> {
    if (!NAME.test(name)) throw new ScenarioNotFoundError(name);
    const file = join(this.folder, `${name}${EXTENSION}`);
    const changedAt = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (changedAt === undefined) throw new ScenarioNotFoundError(name);
    const known = this.remembered.get(name);
    if (known?.changedAt === changedAt) return known.entry;
    const source = await readFile(file, 'utf8');
    const entry = { name, source, scenario: this.parse(source, [], `${name}${EXTENSION}`) };
    this.remembered.set(name, { changedAt, entry });
    return entry;
  }

  /** Throws `scenario.invalid` with file, line and column of every mistake. */
  parse(text: string, overrides: readonly Override[] = [], file = SENT): Scenario {
    return parseScenario(text, { file, read: (path) => this.read(path), overrides });
  }

  private read(path: string): string {
    const file = resolve(this.folder, path);
    // Twice: a link inside may lead outside, and what does not exist must not tell so about other folders.
    if (!isInside(this.folder, file) || !isInside(realpathSync(this.folder), realpathSync(file))) {
      throw new Error('only files of the library of scenarios can be named here');
    }
    return readFileSync(file, 'utf8');
  }
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
