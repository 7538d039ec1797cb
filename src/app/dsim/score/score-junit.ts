import type { DetectorScore, ScoreCard } from '../../../engine/scorecard/score-card.types.js';
import { escapeXml } from '../../../engine/simulation/report/junit.js';
import { judgeGates, type Gates } from './gates.js';

/**
 * A test suite for each detector: a test case for each harmful stretch (a failure where it was not found in time), and
 * one for each gate.
 */
export function scoreJunit(card: ScoreCard, gates: Gates): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dsim score">\n${card.detectors
    .map((detector, i) => suite(detector, i === 0 ? judgeGates(detector, gates) : []))
    .join('')}</testsuites>\n`;
}

interface Case {
  readonly name: string;
  readonly failure: string | null;
}

function suite(score: DetectorScore, gates: ReturnType<typeof judgeGates>): string {
  const missed = score.misses
    .filter(({ stretch }) => stretch.harmedAt !== null)
    .map(({ run, stretch, late, secondsFromHarm }): Case => ({
      name: `${stretch.kind} on ${stretch.where} (${run}, ${stretch.id})`,
      failure: late ? `found ${secondsFromHarm} s after harm` : 'never found',
    }));
  const inTime: Case = { name: `${score.all.inTime} of ${score.all.harmful} harmful stretches in time`, failure: null };
  const cases = [...gates.map(({ title, failure }): Case => ({ name: title, failure })), inTime, ...missed];
  const failures = cases.filter(({ failure }) => failure !== null).length;
  return (
    `  <testsuite name="${escapeXml(score.detector)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">\n` +
    `${cases.map((each) => testCase(score.detector, each)).join('')}  </testsuite>\n`
  );
}

function testCase(detector: string, { name, failure }: Case): string {
  const open = `    <testcase classname="dsim.score.${escapeXml(detector)}" name="${escapeXml(name)}"`;
  if (failure === null) return `${open}/>\n`;
  return `${open}>\n      <failure message="${escapeXml(failure)}"/>\n    </testcase>\n`;
}
