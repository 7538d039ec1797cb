import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readText, sourceFiles } from './support/repository.js';

const RULES = 'config/monitoring/prometheus/rules/devops-simulator.yml';
const RULE_TESTS = 'config/monitoring/prometheus/rule-tests.yml';
const DASHBOARD = 'config/monitoring/grafana/dashboards/devops-simulator.json';

/** Of other programs, which the alerts need beside ours. */
const FOREIGN = ['up', 'ALERTS', 'kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes'].concat([
  'node_filesystem_avail_bytes',
  'node_filesystem_size_bytes',
]);
/** prom-client's defaults. */
const DEFAULTS = /^(process|nodejs)_/;
/** Series that simulated environments store, and a cookie: named like metrics of our processes, and none. */
const NO_METRICS = /^dsim_(simulation_user_\w+|session)$/;

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const declared = new Set(
  sourceFiles().flatMap((file) => [...readText(file).matchAll(/'(dsim_[a-z_]+)'/g)].map(([, name]) => name!)),
);
const isHistogram = (name: string): boolean => {
  const texts = sourceFiles().map(readText);
  const constant = texts.map((text) => new RegExp(`const (\\w+) = '${name}'`).exec(text)?.[1]).find(Boolean);
  return texts.some((text) =>
    new RegExp(`[hH]istogram(Provider)?\\(\\{\\s*name: (${constant ?? 'NAME'}|'${name}')`).test(text),
  );
};

function metricsIn(expression: string): readonly string[] {
  const withoutLabels = expression.replace(/\{[^}]*\}/g, '{}').replace(/\b(by|on|without|group_left)\s*\([^)]*\)/g, '');
  return [...withoutLabels.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)]
    .map(([name]) => name)
    .filter((name) => name === 'up' || name === 'ALERTS' || /^(dsim|process|nodejs|node|kubelet)_/.test(name));
}

function unknown(expressions: readonly string[]): readonly string[] {
  return expressions.flatMap(metricsIn).filter((name) => {
    if (FOREIGN.includes(name) || DEFAULTS.test(name) || declared.has(name)) return false;
    const part = /^(.*)_(bucket|sum|count)$/.exec(name)?.[1];
    return part === undefined || !declared.has(part) || !isHistogram(part);
  });
}

const alerts = (
  parse(readText(RULES)) as {
    groups: readonly { rules: readonly { alert: string; expr: string; annotations: Record<string, string> }[] }[];
  }
).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(readText(DASHBOARD)) as {
  readonly panels: readonly Panel[];
  readonly templating: { list: { name: string }[] };
};

describe('the alerts', () => {
  it('ask for metrics that exist', () => {
    expect(unknown(alerts.map(({ expr }) => expr))).toEqual([]);
    expect(alerts.flatMap(({ expr }) => metricsIn(expr)).filter((name) => declared.has(name)).length).toBeGreaterThan(
      5,
    );
  });

  it('are tested with metrics that exist', () => {
    const { tests } = parse(readText(RULE_TESTS)) as {
      tests: readonly { input_series: readonly { series: string }[] }[];
    };

    expect(unknown(tests.flatMap(({ input_series }) => input_series.map(({ series }) => series)))).toEqual([]);
  });

  it('point to settings and routes that exist', () => {
    const texts = alerts
      .flatMap(({ annotations }) => Object.values(annotations))
      .join('\n')
      .replace(/\{\{[^}]*\}\}/g, '');
    const found = (pattern: RegExp): readonly string[] =>
      [...texts.matchAll(pattern)].map(([match, group]) => group ?? match);
    const reference = [...readText('docs/configuration.md').matchAll(/`([\w.]+)`/g)].map(([, name]) => name);
    const routes = Object.keys((JSON.parse(readText('docs/openapi.json')) as { paths: object }).paths);

    expect(found(/\b[a-z][A-Za-z]*\.[a-z][A-Za-z]+\b/g).filter((name) => !reference.includes(name))).toEqual([]);
    expect(found(/\b[A-Z]+_[A-Z_]+\b/g).filter((name) => !reference.includes(name))).toEqual([]);
    expect(found(/GET (\/api\/v1\/\w+)/g).filter((route) => !routes.some((path) => path.startsWith(route)))).toEqual(
      [],
    );
    expect(found(/GET (\/api\/v1\/\w+)/g).length).toBeGreaterThan(1);
  });
});

describe('the dashboard', () => {
  it('asks for metrics that exist', () => {
    const expressions = dashboard.panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));

    expect(expressions.length).toBeGreaterThan(50);
    expect(unknown(expressions)).toEqual([]);
  });

  it('shows every metric of ours, so that none is measured for nobody', () => {
    const expressions = dashboard.panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr)).join('\n');
    const metrics = [...declared].filter((name) => !NO_METRICS.test(name));

    expect(metrics.filter((name) => !expressions.includes(name))).toEqual([]);
  });

  it('has panels that neither overlap nor share an id, all on the chosen data source', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, targets } of dashboard.panels) {
      for (const { datasource } of targets ?? []) expect(datasource.uid, title).toBe('${datasource}');
    }

    const overlaps = dashboard.panels.flatMap((one, index) =>
      dashboard.panels
        .slice(index + 1)
        .filter(
          ({ gridPos: { x, y, w, h } }) =>
            x < one.gridPos.x + one.gridPos.w &&
            one.gridPos.x < x + w &&
            y < one.gridPos.y + one.gridPos.h &&
            one.gridPos.y < y + h,
        )
        .map(({ title }) => `${one.title} / ${title}`),
    );
    expect(overlaps).toEqual([]);
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });
});
