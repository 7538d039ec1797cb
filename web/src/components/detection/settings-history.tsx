import { useState } from 'preact/hooks';
import { get, post } from '../../api/client';
import type { Page, SettingsDiff, SettingsVersion } from '../../api/types';
import { useResource } from '../../lib/resource';
import { ErrorNote } from '../states';
import { Time } from '../time';

/** Every version, with who, when and why; what it changed; and the way back to it. */
export function SettingsHistory(props: { id: string; current: number; allowed: boolean; onRestored: () => void }) {
  const base = `environments/${props.id}/detection/settings`;
  const [open, setOpen] = useState<number>();
  const [failure, setFailure] = useState<Error>();
  const list = useResource(`settings-versions-${props.id}-${props.current}`, (signal) =>
    get<Page<SettingsVersion>>(`${base}/versions`, { limit: 30 }, signal),
  );
  const restore = (version: number): void => {
    setFailure(undefined);
    post(`${base}/versions/${version}/restore`, {}).then(props.onRestored, (error: Error) => setFailure(error));
  };
  const items = list.data?.items ?? [];
  return (
    <section class="card">
      <h2>Versions</h2>
      <ErrorNote error={failure ?? list.error} />
      {list.data && items.length === 0 && <p class="sub">Nobody has saved settings yet.</p>}
      <ol class="timeline">
        {items.map((item) => (
          <li key={item.version}>
            <span class="muted">
              version {item.version}
              {item.version === props.current && ' (holds)'}
              {item.createdAt && (
                <>
                  {' · '}
                  <Time at={item.createdAt} date />
                </>
              )}
              {' · '}
              {item.createdBy}
            </span>
            <div>{item.comment}</div>
            <div class="row">
              <button
                class="quiet"
                aria-expanded={open === item.version}
                onClick={() => setOpen(open === item.version ? undefined : item.version)}
              >
                What changed
              </button>
              {props.allowed && item.version !== props.current && (
                <button class="quiet" onClick={() => restore(item.version)}>
                  Restore
                </button>
              )}
            </div>
            {open === item.version && <Differences base={base} version={item.version} />}
          </li>
        ))}
      </ol>
      {props.allowed && props.current > 0 && items[0]?.restoredFrom !== 0 && (
        <button class="quiet" onClick={() => restore(0)}>
          Take all settings back
        </button>
      )}
    </section>
  );
}

function Differences(props: { base: string; version: number }) {
  const { base, version } = props;
  const diff = useResource(`settings-diff-${base}-${version}`, (signal) =>
    get<SettingsDiff>(`${base}/diff`, { from: version - 1, to: version }, signal),
  );
  return (
    <>
      <ErrorNote error={diff.error} />
      <div class="stack tight">
        {diff.data?.differences.map(({ path, before, after }) => (
          <div key={path}>
            <span class="mono">{path}</span>
            <div class="muted mono">
              {text(before)} → {text(after)}
            </div>
          </div>
        ))}
        {diff.data?.differences.length === 0 && <div class="muted">Nothing: the same as the version before.</div>}
      </div>
    </>
  );
}

const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
