import type { RunReport } from '../../api/run-report';
import { VerdictBadge } from './run-state';

export function ExpectationList(props: { expectations: RunReport['expectations'] }) {
  return (
    <section class="card">
      <h2>What was expected</h2>
      {props.expectations.length === 0 ? (
        <p class="sub">
          The scenario expects nothing. Lines under <span class="mono">expect:</span> make a run a test.
        </p>
      ) : (
        <ul class="plain expectations">
          {props.expectations.map((expectation, index) => (
            <li key={index}>
              <VerdictBadge verdict={expectation.verdict} />
              <div>
                <div>{expectation.title}</div>
                <div class="muted">{expectation.reason}</div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
