import type { SettingsRule } from '../../api/types';
import { firstHours, WeeklyFields } from './hours-form';

type Window = NonNullable<SettingsRule['maintenance']>[number];

/** Windows in which nothing opens and nothing is learned, once or every week. */
export function MaintenanceForm(props: { windows: readonly Window[]; onChange: (windows?: Window[]) => void }) {
  const { windows } = props;
  const change = (next: Window[]): void => props.onChange(next.length > 0 ? next : undefined);
  const replace = (index: number, window: Window): void => change(windows.with(index, window));
  const once = (): Window => {
    const now = Math.ceil(Date.now() / 3.6e6) * 3.6e6;
    return { kind: 'once', from: iso(now), to: iso(now + 3.6e6), reason: 'maintenance' };
  };
  const weekly = (): Window => ({
    ...{ ...firstHours(), weekdays: ['sun'], from: '02:00', to: '04:00' },
    kind: 'weekly',
    reason: 'weekly maintenance',
  });
  return (
    <fieldset class="plain-set">
      <div class="row">
        <span>Maintenance</span>
        <button type="button" class="quiet" onClick={() => change([...windows, once()])}>
          Add a window
        </button>
        <button type="button" class="quiet" onClick={() => change([...windows, weekly()])}>
          Add a weekly one
        </button>
      </div>
      {windows.map((window, index) => (
        <div key={index} class="maintenance">
          {window.kind === 'weekly' ? (
            <WeeklyFields hours={window} onChange={(hours) => replace(index, hours)} />
          ) : (
            <div class="row form-row">
              <label class="field">
                From (UTC)
                <input
                  type="datetime-local"
                  required
                  value={window.from.slice(0, 16)}
                  onInput={(event) => replace(index, { ...window, from: utc(event.currentTarget.value) })}
                />
              </label>
              <label class="field">
                To (UTC)
                <input
                  type="datetime-local"
                  required
                  value={window.to.slice(0, 16)}
                  onInput={(event) => replace(index, { ...window, to: utc(event.currentTarget.value) })}
                />
              </label>
            </div>
          )}
          <div class="row form-row">
            <label class="field">
              Reason
              <input
                required
                maxLength={200}
                value={window.reason}
                onInput={(event) => replace(index, { ...window, reason: event.currentTarget.value })}
              />
            </label>
            <button type="button" onClick={() => change(windows.filter((_, other) => other !== index))}>
              Remove the window
            </button>
          </div>
        </div>
      ))}
    </fieldset>
  );
}

const iso = (time: number): string => new Date(time).toISOString();
const utc = (text: string): string => (text === '' ? '' : `${text.slice(0, 16)}:00Z`);
