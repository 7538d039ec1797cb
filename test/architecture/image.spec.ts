import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allSections } from '../../src/app/preparation.js';
import { fieldsOf } from '../../src/platform/config/schema-fields.js';
import { LAUNCH_VARIABLES } from '../../src/platform/registry/launch-settings.js';
import { inProject, readText, repositoryFiles } from './support/repository.js';

interface Step {
  readonly instruction: string;
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
}

/** The reader that test/image/prove-image.sh builds with. */
const { readDockerfile, readDockerignore } = (await import(inProject('test/image/dockerfile.mjs'))) as {
  readDockerfile(path: string): readonly { name: string; steps: readonly Step[] }[];
  readDockerignore(path: string): (file: string) => boolean;
};

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
}

describe('the Dockerfile', () => {
  const stages = readDockerfile(inProject('Dockerfile'));
  const steps = stages.flatMap((stage) => stage.steps);
  const ignored = readDockerignore(inProject('.dockerignore'));

  it('copies only what a fresh clone has and .dockerignore lets through', () => {
    const files = repositoryFiles();
    const sources = steps
      .filter(({ instruction, flags }) => instruction === 'COPY' && flags['from'] === undefined)
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));

    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect(
        files.some((file) => (file === source || file.startsWith(`${source}/`)) && !ignored(file)),
        source,
      ).toBe(true);
    }
    expect(files.filter((file) => /^(test|docs|helm|\.git|\.ci)\//.test(file) && !ignored(file))).toEqual([]);
  });

  it('ends as a user without rights and without a name to look up', () => {
    const runtime = stages.at(-1)!.steps;
    const user = runtime.findLast(({ instruction }) => instruction === 'USER');

    expect(user?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(parse(readText('helm/values.yaml'))).toMatchObject({
      podSecurityContext: { runAsUser: Number(user?.text.split(':')[0]), runAsNonRoot: true },
    });
  });

  it('opens the port of the production profile', () => {
    const port = (parse(readText('config/production.yaml')) as { http: { port: number } }).http.port;

    expect(steps.find(({ instruction }) => instruction === 'EXPOSE')?.text).toBe(String(port));
  });

  it('stands on a Node that CI tests', () => {
    const major = /^ARG NODE_IMAGE=node:(\d+)-/m.exec(readText('Dockerfile'))?.[1];
    const workflow = parse(readText('.github/workflows/ci.yml')) as {
      jobs: Record<string, { strategy?: { matrix?: { node?: readonly number[] } } }>;
    };

    expect(workflow.jobs['node-versions']?.strategy?.matrix?.node).toContain(Number(major));
  });
});

describe('the health check', () => {
  const run = (env: Record<string, string>) =>
    promisify(execFile)(process.execPath, [inProject('src/app/launch/healthcheck.mjs')], {
      env: { PATH: process.env['PATH'], ...env },
    }).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );

  const serving = async (status: number, check: (port: string) => Promise<void>): Promise<void> => {
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/health/live' ? status : 404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await check(String((server.address() as AddressInfo).port)).finally(() => server.close());
  };

  it('says yes where the product lives', () =>
    serving(200, async (port) => expect((await run({ HTTP_PORT: port })).code).toBe(0)));

  it('says no where it answers otherwise', () =>
    serving(503, async (port) => {
      const { code, stderr } = await run({ HTTP_PORT: port });

      expect(code).toBe(1);
      expect(stderr).toContain('answered 503');
    }));

  it('says no where nothing answers', async () => {
    const { code, stderr } = await run({ HTTP_PORT: '1' });

    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });
});

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(readText('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
  };
  const all = Object.entries(services);
  const ours = all.filter(([name]) => ['app', 'worker'].includes(name));

  it('gives settings that the product knows', async () => {
    const fields = (await allSections()).flatMap(fieldsOf);
    const known = fields
      .flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env]))
      .concat(LAUNCH_VARIABLES.map(({ name }) => name));

    expect(ours).toHaveLength(2);
    for (const [, { environment }] of ours) {
      expect(Object.keys(environment ?? {}).length).toBeGreaterThan(8);
      for (const name of Object.keys(environment ?? {})) expect(known).toContain(name);
    }
  });

  it('mounts files that exist, and volumes that are declared', () => {
    for (const [name, service] of all) {
      for (const source of (service.volumes ?? []).map((volume) => volume.split(':')[0]!)) {
        if (source.startsWith('./')) expect(existsSync(inProject(source)), `${name}: ${source}`).toBe(true);
        else if (source !== '/') expect(Object.keys(volumes), name).toContain(source);
      }
    }
  });

  it('reads only secrets that are made', () => {
    const made = [...readText('config/compose/make-secrets.mjs').matchAll(/keep\('([a-z-]+)'/g)].map(
      ([, name]) => name!,
    );
    const used = [
      ...`${readText('docker-compose.yml')}${readText('config/monitoring/prometheus/prometheus.yml')}`.matchAll(
        /\/secrets\/([a-z-]+)/g,
      ),
    ]
      .map(([, name]) => name!)
      .filter((name) => name !== 'secrets');

    expect(used.filter((name) => !made.includes(name))).toEqual([]);
    expect(new Set(used).size).toBeGreaterThan(4);
  });

  it('pins every image, opens ports to this machine only, and waits for services that exist', () => {
    for (const [name, { image, ports = [], depends_on = [] }] of all) {
      expect(image, name).toMatch(/:[\w.-]+$/);
      expect(image, name).not.toMatch(/:latest$/);
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
      for (const other of Array.isArray(depends_on) ? (depends_on as string[]) : Object.keys(depends_on)) {
        expect(Object.keys(services), name).toContain(other);
      }
    }
  });

  it('runs the product on a read-only root file system', () => {
    for (const [, service] of ours) expect(service.read_only).toBe(true);
  });

  it('is scraped and written to by the services it names', () => {
    const prometheus = readText('config/monitoring/prometheus/prometheus.yml');
    const hosts = [...prometheus.matchAll(/['/]([a-z-]+):(\d+)/g)]
      .map(([, host]) => host!)
      .filter((host) => host !== 'localhost');

    expect(hosts.length).toBeGreaterThan(4);
    for (const host of hosts) expect(Object.keys(services)).toContain(host);
  });
});
