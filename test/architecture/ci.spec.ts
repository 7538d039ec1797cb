import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject, readText, repositoryFiles } from './support/repository.js';

const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };

const scriptsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][a-z:]*)|(test|start))\b/g)].map(
    ([, run, short]) => run ?? short!,
  );

describe('.ci/run', () => {
  it('is a script that bash understands and git lets run', () => {
    expect(spawnSync('bash', ['-n', inProject('.ci/run')], { encoding: 'utf8' }).stderr).toBe('');
    expect(execFileSync('git', ['ls-files', '--stage', '.ci/run'], { cwd: inProject(), encoding: 'utf8' })).toMatch(
      /^100755/,
    );
  });

  it('calls scripts that exist, and every check that there is', () => {
    const called = scriptsIn(readText('.ci/run'));

    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(called).toEqual(
      expect.arrayContaining([
        'test',
        'lint',
        'format:check',
        'typecheck',
        'check:imports',
        'docs:config',
        'openapi',
        'schema:dump',
        'chart:schema',
        'scenario:schema',
      ]),
    );
  });

  it('lets no suite skip', () => {
    expect(readText('.ci/run')).toContain('DSIM_REQUIRE_PEERS=1');
  });
});

describe('shell scripts', () => {
  it.each(repositoryFiles().filter((file) => file.endsWith('.sh')))('%s parses, and can be run', (file) => {
    expect(spawnSync('bash', ['-n', inProject(file)], { encoding: 'utf8' }).stderr).toBe('');
    expect(execFileSync('git', ['ls-files', '--stage', '--', file], { cwd: inProject(), encoding: 'utf8' })).toMatch(
      /^100755/,
    );
  });
});

describe('documents', () => {
  it.each(repositoryFiles().filter((file) => /^(README|CONTRIBUTING)\.md$|^docs\/.*\.md$/.test(file)))(
    '%s names scripts that exist',
    (file) => {
      expect(scriptsIn(readText(file)).filter((name) => scripts[name] === undefined)).toEqual([]);
    },
  );
});

describe('the workflow', () => {
  interface Workflow {
    readonly permissions: Record<string, string>;
    readonly jobs: Record<
      string,
      {
        readonly 'timeout-minutes'?: number;
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >;
  }
  const workflow = parse(readText('.github/workflows/ci.yml')) as Workflow;
  const jobs = Object.entries(workflow.jobs);

  it('may read and nothing else, and ends by itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [name, job] of jobs) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(90);
  });

  it('runs what contributors run', () => {
    const commands = jobs.flatMap(([, { steps }]) => steps.map(({ run }) => run ?? '')).join('\n');

    expect(commands).toContain('.ci/run');
    expect(scriptsIn(commands).filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('pins actions to a version', () => {
    for (const uses of jobs
      .flatMap(([, { steps }]) => steps.map((step) => step.uses))
      .filter((name) => name !== undefined)) {
      expect(uses).toMatch(/@(v?\d+(\.\d+)*|[0-9a-f]{40})$/);
    }
  });
});
