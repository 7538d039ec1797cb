import { useState } from 'preact/hooks';
import { get, post } from '../api/client';
import type { Page, Principal, SimulationRun } from '../api/types';
import { isOver, RunBadge, RunProgress } from '../components/runs/run-state';
import { StartRun } from '../components/runs/start-run';
import { SectionHead } from '../components/simulation/section-head';
import { Empty, ErrorNote, Loading } from '../components/states';
import { Time } from '../components/time';
import { formatDuration } from '../lib/format';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const REFRESH_MS = 1_500;
const PAGE = 50;
const MOST = 500;

export function RunsPage(props: { principal: Principal }) {
  const [creating, setCreating] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const [failure, setFailure] = useState<Error>();
  const list = useResource(
    `runs-${limit}`,
    (signal) => get<Page<SimulationRun>>('simulation-runs', { limit }, signal),
    REFRESH_MS,
  );
  const allowed = may(props.principal, 'simulation:control');
  const cancel = (run: SimulationRun): void => {
    setFailure(undefined);
    post(`simulation-runs/${run.id}/cancel`).then(list.reload, (error: Error) => setFailure(error));
  };
  const items = list.data?.items;
  return (
    <>
      <SectionHead
        current="runs"
        text="A scenario from start to end, as fast as it goes, with a report on what was expected of it."
      >
        {allowed && !creating && (
          <button class="primary" onClick={() => setCreating(true)}>
            New run
          </button>
        )}
      </SectionHead>
      <ErrorNote error={failure ?? list.error} retry={list.reload} />
      {creating && (
        <StartRun
          onClose={() => setCreating(false)}
          onStarted={() => {
            setCreating(false);
            list.reload();
          }}
        />
      )}
      {!items && list.loading && <Loading />}
      {items?.length === 0 && !creating && (
        <Empty title="Nothing was run yet">
          {allowed ? (
            <button onClick={() => setCreating(true)}>Choose a scenario</button>
          ) : (
            <p>Someone with the permission simulation:control can start one.</p>
          )}
        </Empty>
      )}
      {items && items.length > 0 && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th>Scenario</th>
                <th>State</th>
                <th class="number wide">Simulates</th>
                <th class="number wide">Seed</th>
                <th>Asked for</th>
                <th class="number wide">Took</th>
                {allowed && <th aria-label="Actions" />}
              </tr>
            </thead>
            <tbody>
              {items.map((run) => (
                <tr key={run.id}>
                  <td>
                    <a href={`#/runs/${run.id}`}>{run.title}</a>
                    {run.overrides.length > 0 && (
                      <div class="muted mono">
                        {run.overrides.map(({ path, value }) => `${path}=${value}`).join(' ')}
                      </div>
                    )}
                  </td>
                  <td>
                    {isOver(run) ? <RunBadge run={run} /> : <RunProgress run={run} />}
                    {run.state === 'failed' && <div class="muted">{run.reason}</div>}
                  </td>
                  <td class="number wide">
                    {formatDuration(run.simulatedSeconds)}
                    {run.solver !== 'fluid' && <div class="muted">{run.solver}</div>}
                  </td>
                  <td class="number wide">{run.seed}</td>
                  <td>
                    <Time at={run.createdAt} date /> <span class="muted">by {run.createdBy ?? 'unknown'}</span>
                  </td>
                  <td class="number wide">{tookSeconds(run)}</td>
                  {allowed && <td>{!isOver(run) && <button onClick={() => cancel(run)}>Cancel</button>}</td>}
                </tr>
              ))}
            </tbody>
          </table>
          {list.data?.nextCursor && limit < MOST && (
            <button class="quiet" onClick={() => setLimit(Math.min(limit + PAGE, MOST))}>
              Show more
            </button>
          )}
        </div>
      )}
    </>
  );
}

function tookSeconds({ startedAt, finishedAt }: SimulationRun): string {
  if (!startedAt || !finishedAt) return '–';
  return formatDuration(Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000));
}
