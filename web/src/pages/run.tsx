import { useState } from 'preact/hooks';
import { get, post, url } from '../api/client';
import type { RunReport } from '../api/run-report';
import type { Principal, SimulationRun } from '../api/types';
import { ReportView } from '../components/runs/report-view';
import { isOver, RunBadge, RunProgress } from '../components/runs/run-state';
import { ErrorNote, Loading } from '../components/states';
import { Time } from '../components/time';
import { formatDuration } from '../lib/format';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const REFRESH_MS = 1_000;

export function RunPage(props: { id: string; principal: Principal }) {
  const { id } = props;
  const [over, setOver] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const run = useResource(
    `run-${id}`,
    async (signal) => {
      const found = await get<SimulationRun>(`simulation-runs/${id}`, {}, signal);
      setOver(isOver(found));
      return found;
    },
    over ? undefined : REFRESH_MS,
  );
  const finished = run.data?.state === 'finished';
  const report = useResource(`report-${id}-${finished}`, async (signal) =>
    finished ? get<RunReport>(`simulation-runs/${id}/report`, {}, signal) : undefined,
  );
  const { data } = run;
  if (!data) {
    if (!run.error) return <Loading />;
    return (
      <>
        <ErrorNote error={run.error} retry={run.reload} />
        <a href="#/runs">All batch runs</a>
      </>
    );
  }
  const cancel = (): void => {
    setFailure(undefined);
    post(`simulation-runs/${id}/cancel`).then(run.reload, (error: Error) => setFailure(error));
  };
  return (
    <>
      <div class="head">
        <div class="grow">
          <div class="row">
            <RunBadge run={data} />
            <a href="#/runs">Batch runs</a>
          </div>
          <h1>{data.title}</h1>
          <p class="sub">
            {formatDuration(data.simulatedSeconds)} from seed {data.seed} · {data.solver} · asked for by{' '}
            {data.createdBy ?? 'unknown'} at <Time at={data.createdAt} date />
          </p>
          {data.overrides.map(({ path, value }) => (
            <div key={path} class="mono muted">
              {path}={value}
            </div>
          ))}
        </div>
        {may(props.principal, 'simulation:control') && !isOver(data) && <button onClick={cancel}>Cancel</button>}
        {finished && (
          <>
            <a class="button" href={url(`simulation-runs/${id}/report`)} download={`${data.scenario}-report.json`}>
              Report as JSON
            </a>
            <a class="button" href={url(`simulation-runs/${id}/junit`)} download={`${data.scenario}-junit.xml`}>
              JUnit
            </a>
          </>
        )}
      </div>
      <RunProgress run={data} />
      {data.reason && <div class={`note ${data.state === 'failed' ? 'bad' : ''}`}>{data.reason}</div>}
      <ErrorNote error={failure ?? run.error ?? report.error} retry={report.error && report.reload} />
      {report.data ? <ReportView report={report.data} /> : finished && !report.error && <Loading />}
    </>
  );
}
