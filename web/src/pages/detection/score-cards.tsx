import { useState } from 'preact/hooks';
import { get, post, remove } from '../../api/client';
import type { Page, Principal, ScoreCard } from '../../api/types';
import { EnvironmentHead } from '../../components/detection/environment-head';
import { StartScoreCard } from '../../components/detection/start-score-card';
import { isStudyOver, StudyBadge, StudyProgress } from '../../components/detection/study-progress';
import { Empty, ErrorNote, Loading } from '../../components/states';
import { Time } from '../../components/time';
import { useResource } from '../../lib/resource';
import { may } from '../../lib/session';

const REFRESH_MS = 2_000;

/** Stored score cards of an environment. */
export function ScoreCardsPage(props: { id: string; principal: Principal }) {
  const { id } = props;
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<Error>();
  const list = useResource(
    `score-cards-${id}`,
    (signal) => get<Page<ScoreCard>>(`environments/${id}/score-cards`, { limit: 100 }, signal),
    REFRESH_MS,
  );
  const allowed = may(props.principal, 'anomalies:write');
  const base = `environments/${id}/score-cards`;
  const act = (work: Promise<unknown>): void => {
    setFailure(undefined);
    work.then(list.reload, (error: Error) => setFailure(error));
  };
  const choose = (card: string): void =>
    setChosen(chosen.includes(card) ? chosen.filter((one) => one !== card) : [...chosen, card].slice(-2));
  const items = list.data?.items;
  return (
    <>
      <EnvironmentHead
        id={id}
        current="score-cards"
        text="How well settings, detectors and alert rules find what was known to be wrong, on the history that is stored here."
      >
        {chosen.length === 2 && (
          <a class="button" href={`#/environments/${id}/score-cards/compare/${chosen.join('/')}`}>
            Compare the two
          </a>
        )}
        {allowed && !creating && (
          <button class="primary" onClick={() => setCreating(true)}>
            New score card
          </button>
        )}
      </EnvironmentHead>
      <ErrorNote error={failure ?? list.error} retry={list.reload} />
      {creating && (
        <StartScoreCard
          id={id}
          onClose={() => setCreating(false)}
          onStarted={() => {
            setCreating(false);
            list.reload();
          }}
        />
      )}
      {!items && list.loading && <Loading />}
      {items?.length === 0 && !creating && (
        <Empty title="No score card yet">
          {allowed ? (
            <button onClick={() => setCreating(true)}>Make the first</button>
          ) : (
            <p>Someone with the permission anomalies:write can make one.</p>
          )}
        </Empty>
      )}
      {items && items.length > 0 && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th aria-label="Compare" />
                <th>Score card</th>
                <th>State</th>
                <th class="wide">Over</th>
                <th class="wide">Made</th>
                {allowed && <th aria-label="Actions" />}
              </tr>
            </thead>
            <tbody>
              {items.map((card) => (
                <tr key={card.id}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Compare ${card.title}`}
                      disabled={card.state !== 'finished'}
                      checked={chosen.includes(card.id)}
                      onChange={() => choose(card.id)}
                    />
                  </td>
                  <td>
                    <a href={`#/environments/${id}/score-cards/${card.id}`}>{card.title}</a>
                    <div class="muted">{card.configurations.join(', ')}</div>
                  </td>
                  <td>{isStudyOver(card) ? <StudyBadge study={card} /> : <StudyProgress study={card} />}</td>
                  <td class="wide">
                    <Time at={card.from} date /> to <Time at={card.to} date />
                    {card.match && <div class="mono">{card.match}</div>}
                  </td>
                  <td class="wide">
                    <Time at={card.createdAt} date /> <span class="muted">by {card.createdBy ?? 'unknown'}</span>
                  </td>
                  {allowed && (
                    <td>
                      {isStudyOver(card) ? (
                        <button
                          class="quiet"
                          onClick={() => {
                            if (confirm(`Delete the score card “${card.title}”?`)) act(remove(`${base}/${card.id}`));
                          }}
                        >
                          Delete
                        </button>
                      ) : (
                        <button onClick={() => act(post(`${base}/${card.id}/cancel`))}>Cancel</button>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
