import type { ExpectationResult, RunReport } from './report.types.js';

/**
 * The expectations as JUnit XML, one test case each: failed ones as `failure`, unknown ones as `error`, so that no CI
 * system takes either for passed. It holds no wall-clock time: the same run gives the same bytes.
 */
export function junit(report: RunReport): string {
  const { scenario, run, expectations } = report;
  const count = (verdict: ExpectationResult['verdict']) =>
    expectations.filter((expectation) => expectation.verdict === verdict).length;
  const counts = `tests="${expectations.length}" failures="${count('fail')}" errors="${count('unknown')}"`;
  const properties = [
    ['seed', run.seed],
    ['solver', run.solver],
    ['simulated-seconds', run.seconds],
    ['complete', run.complete],
  ].map(([name, value]) => `      <property name="${name}" value="${value}"/>\n`);
  const name = escapeXml(scenario.name);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dsim" ${counts}>
  <testsuite name="${name}" ${counts} skipped="0" timestamp="${run.start.replace(/\.\d+Z$/, '')}">
    <properties>
${properties.join('')}    </properties>
${expectations.map((expectation) => testCase(name, expectation)).join('')}  </testsuite>
</testsuites>
`;
}

function testCase(suite: string, { title, verdict, reason, kind }: ExpectationResult): string {
  const open = `    <testcase classname="dsim.${suite}" name="${escapeXml(title)}"`;
  if (verdict === 'pass') return `${open}/>\n`;
  const element = verdict === 'fail' ? 'failure' : 'error';
  const why = escapeXml(reason);
  return `${open}>\n      <${element} type="${kind}" message="${why}">${why}</${element}>\n    </testcase>\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for elements and attributes; characters that XML 1.0 cannot hold (section 2.2) become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => ESCAPES[character]!)
      // Line ends and tabs in attributes would be read as spaces.
      .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
  );
}
