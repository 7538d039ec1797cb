import { get } from '../../api/client';
import type { Environment, Refits } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { Time } from '../time';

const STYLE = {
  fitting: 'info',
  shadow: 'info',
  promoted: 'ok',
  retired: '',
  skipped: 'warning',
  failed: 'critical',
} as const;
const SHOWN = 3;

/** When an environment's calibration is fitted next, what that waits for, and what came of the newest. */
export function RefitCard(props: { environment: Environment }) {
  const { id, name } = props.environment;
  const refits = useResource(`refits-${id}`, (signal) => get<Refits>(`environments/${id}/refits`, {}, signal), 30_000);
  const next = refits.data?.next;
  return (
    <section class="card" aria-label={`Calibration of ${name}`}>
      <h3>{name}</h3>
      <ErrorNote error={refits.error} retry={refits.reload} />
      {next && (
        <p class="sub">
          {next.text}
          {next.at && (
            <>
              {' '}
              Next: <Time at={next.at} date />.
            </>
          )}
        </p>
      )}
      <ul class="plain">
        {refits.data?.items.slice(0, SHOWN).map((refit) => (
          <li key={refit.id}>
            <span class={`badge ${STYLE[refit.state]}`}>{refit.state}</span>{' '}
            <span class="muted">
              <Time at={refit.startedAt} date /> · {refit.why}
            </span>
            {refit.outcome && <div class="muted">{refit.outcome}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
