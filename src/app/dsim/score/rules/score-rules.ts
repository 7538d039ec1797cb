import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { calmTime } from '../../../../engine/scorecard/match-detections.js';
import { DEFAULT_SCORE_RULES, type Detection, type ScoredRun } from '../../../../engine/scorecard/score-card.types.js';
import { stretchesOf, warmUpOf } from '../../../../engine/scorecard/score-scenario.js';
import { AbortedError } from '../../../../engine/scorecard/watch-simulation.js';
import { createSimulation, stepSimulation } from '../../../../engine/simulation/simulation.js';
import type { Simulation } from '../../../../engine/simulation/simulation.types.js';
import { gatherBlocks } from '../../../../engine/simulation/telemetry/formats/run-block.js';
import { serviceOf } from '../../../../engine/watch/service-of.js';
import { processEnvironment } from '../../../../platform/config/environment.js';
import { FORMATS } from '../../run/metric-formats.js';
import { TextFile } from '../../run/text-file.js';
import type { UnitHooks } from '../do-units.js';
import type { ScoreUnit } from '../score-work.js';
import { checkRules, findProgram } from './find-program.js';
import { fireAlerts, type FiredAlert } from './fire-alerts.js';
import { makeBlocks, OwnPrometheus } from './own-prometheus.js';
import { readRuleFile, type RuleFile } from './rule-file.js';

const execute = promisify(execFile);

/** Alert rules on the same score card: the user's own Prometheus evaluates them over the telemetry of the runs. */
export async function scoreRules(
  units: readonly ScoreUnit[],
  files: readonly string[],
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const path = processEnvironment()['PATH'];
  const promtool = findProgram('promtool', path);
  const prometheus = findProgram('prometheus', path);
  checkRules(promtool, files);
  const rules = files.map(readRuleFile);
  const runs: ScoredRun[] = [];
  for (const [done, unit] of units.entries()) {
    progress(done / units.length);
    const folder = mkdtempSync(join(tmpdir(), 'dsim-rules-'));
    try {
      runs.push(...(await scoreUnit(unit, rules, { promtool, prometheus, folder }, signal)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return runs;
}

interface Place {
  readonly promtool: string;
  readonly prometheus: string;
  readonly folder: string;
}

async function scoreUnit(
  { scenario, seed, warmUpSeconds }: ScoreUnit,
  rules: readonly RuleFile[],
  { promtool, prometheus, folder }: Place,
  signal: { readonly aborted: boolean },
): Promise<readonly ScoredRun[]> {
  const simulation = createSimulation(scenario, { seed });
  const { start, duration, telemetry } = scenario;
  const end = start + duration * 1000;
  const from = start + warmUpOf(scenario, warmUpSeconds) * 1000;
  const seriesMs = await writeTelemetry(simulation, join(folder, 'openmetrics'), from, signal);
  const data = join(folder, 'data');
  await makeBlocks(promtool, join(folder, 'openmetrics'), data);
  await recordSeries({ promtool, prometheus, folder }, data, rules, start, end);
  const server = await OwnPrometheus.start(prometheus, folder, data);
  try {
    const stretches = stretchesOf(simulation);
    const calmMs = calmTime(from, end, stretches, DEFAULT_SCORE_RULES);
    const runs: ScoredRun[] = [];
    for (const file of rules) {
      const fired: FiredAlert[] = [];
      for (const rule of file.alerts) {
        if (signal.aborted) throw new AbortedError();
        const active = await server.activeSeries(rule.expr, start, end, rule.intervalMs);
        fired.push(...fireAlerts(rule, active, end - rule.intervalMs));
      }
      fired.sort((a, b) => a.at - b.at);
      runs.push({
        detector: `rules: ${basename(file.path)}`,
        run: `${scenario.name}, seed ${seed}`,
        from,
        to: end,
        intervalMs: telemetry.scrapeInterval * 1000,
        calmMs,
        calmSeriesMs: (seriesMs * calmMs) / (end - from),
        stretches,
        anomalies: fired.map(detectionOf),
        pages: pagesOf(fired).map(detectionOf),
        nearMisses: {},
      });
    }
    return runs;
  } finally {
    await server.stop();
  }
}

/** The run in OpenMetrics files of two hours; returns the sum over series of the milliseconds they lived from `from`. */
async function writeTelemetry(
  simulation: Simulation,
  folder: string,
  from: number,
  signal: { readonly aborted: boolean },
): Promise<number> {
  mkdirSync(folder);
  const { fileOfBlock, writeBlock, end } = FORMATS.openmetrics;
  const gatherer = gatherBlocks((block) => {
    const name = fileOfBlock!(block.index);
    const file = new TextFile(join(folder, name), name);
    writeBlock(block, (text) => file.write(text));
    file.write(end);
    file.close();
  });
  const { scenario } = simulation.fleet;
  const intervalMs = scenario.telemetry.scrapeInterval * 1000;
  let seriesMs = 0;
  while (simulation.state.step < scenario.duration) {
    stepSimulation(simulation, {
      scrape: (frame) => {
        gatherer.add(frame);
        if (frame.time < from) return;
        let alive = 0;
        for (const series of frame.series) if (series !== null) alive += 1;
        seriesMs += alive * intervalMs;
      },
    });
    if (simulation.state.step % 3600 !== 0) continue;
    if (signal.aborted) throw new AbortedError();
    await new Promise((resolve) => setImmediate(resolve));
  }
  gatherer.end();
  return seriesMs;
}

/** Series that rules record become blocks too, in as many passes as one may need the other: two. */
async function recordSeries(
  { promtool, prometheus, folder }: Place,
  data: string,
  rules: readonly RuleFile[],
  from: number,
  to: number,
): Promise<void> {
  const recording = rules.filter(({ records }) => records > 0);
  if (recording.length === 0) return;
  for (let pass = 0; pass < 2; pass += 1) {
    const server = await OwnPrometheus.start(prometheus, folder, data);
    try {
      await execute(promtool, [
        'tsdb',
        'create-blocks-from',
        'rules',
        `--start=${Math.floor(from / 1000)}`,
        `--end=${Math.floor(to / 1000)}`,
        `--url=${server.url}`,
        `--output-dir=${data}`,
        '--eval-interval=15s',
        ...recording.map(({ path }) => path),
      ]);
    } finally {
      await server.stop();
    }
  }
}

/** An alert that fires while another of its rule does goes with that one's page, as Alertmanager groups by `alertname`. */
function pagesOf(fired: readonly FiredAlert[]): readonly FiredAlert[] {
  const until = new Map<string, number>();
  return fired.filter((alert) => {
    const before = until.get(alert.alert) ?? -Infinity;
    until.set(alert.alert, Math.max(before, alert.endedAt ?? Infinity));
    return alert.at > before;
  });
}

function detectionOf({ alert, labels, subject, at, endedAt }: FiredAlert): Detection {
  return { at, endedAt, service: serviceOf(labels), subject, reason: alert, branch: null, trace: null };
}
