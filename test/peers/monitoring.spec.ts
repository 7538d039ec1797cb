import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describePeer } from '../support/peers.js';

const MONITORING = join(import.meta.dirname, '../../config/monitoring');

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly labels: Record<string, string>;
      readonly annotations: Record<string, string>;
    }[];
  }[];
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

function run(
  program: string,
  ...parameters: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}${error?.message ?? ''}` };
}

describePeer('prometheus', 'the Prometheus files', (binary) => {
  let folder: string;
  const promtool = (...parameters: readonly string[]) =>
    run(join(dirname(binary('prometheus')), 'promtool'), ...parameters);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-monitoring-'));
    cpSync(join(MONITORING, 'prometheus'), folder, { recursive: true });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are a configuration that Prometheus takes', () => {
    const file = join(folder, 'prometheus.yml');
    writeFileSync(join(folder, 'ingest-token'), 'dsim_x');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('/etc/prometheus', folder).replaceAll('/secrets', folder),
    );

    const result = promtool('check', 'config', file);

    expect(result.status, result.output).toBe(0);
    expect(result.output).toContain('1 rule files found');
  });

  it('alert as their tests say', () => {
    const result = promtool('test', 'rules', join(folder, 'rule-tests.yml'));

    expect(result.status, result.output).toBe(0);
  });

  it('test every alert, and tell of each how bad it is, what happens and what to do', () => {
    const { groups } = parse(readFileSync(join(folder, 'rules/devops-simulator.yml'), 'utf8')) as Rules;
    const tests = readFileSync(join(folder, 'rule-tests.yml'), 'utf8');
    const tested = [...tests.matchAll(/alertname(?:=~?"|: )([^",\n]+)/g)].map(
      ([, name]) => new RegExp(`^(?:${name})$`),
    );

    for (const { alert, labels, annotations } of groups.flatMap(({ rules }) => rules)) {
      expect(alert).toMatch(/^DevopsSimulator[A-Z]/);
      expect(
        tested.some((name) => name.test(alert)),
        `${alert} is in rule-tests.yml`,
      ).toBe(true);
      expect(['critical', 'warning']).toContain(labels['severity']);
      expect(annotations['summary']).toBeTruthy();
      expect(annotations['description']!.length, alert).toBeGreaterThan(20);
    }
  });

  it('hold a dashboard whose every query is valid', () => {
    const { panels } = JSON.parse(
      readFileSync(join(MONITORING, 'grafana/dashboards/devops-simulator.json'), 'utf8'),
    ) as Dashboard;
    const queries = panels.flatMap(({ title, targets }) => (targets ?? []).map(({ expr }) => ({ title, expr })));
    // promtool checks expressions only as rules.
    const rules = queries.map(({ expr }, index) => ({
      record: `query_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*'),
    }));
    const file = join(folder, 'dashboard-rules.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));

    const result = promtool('check', 'rules', file);

    expect(queries.length).toBeGreaterThan(50);
    expect(result.status, result.output).toBe(0);
  });
});

describePeer('prometheus-alertmanager', 'the Alertmanager file', (binary) => {
  it('is a configuration that Alertmanager takes', () => {
    const amtool = join(dirname(binary('prometheus-alertmanager')), 'amtool');
    const result = run(amtool, 'check-config', join(MONITORING, 'alertmanager/alertmanager.yml'));

    expect(result.status, result.output).toBe(0);
  });
});
