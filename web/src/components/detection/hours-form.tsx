import type { SettingsRule } from '../../api/types';

export type Hours = NonNullable<SettingsRule['businessHours']>;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const firstHours = (): Hours => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
});

/** Hours outside of which nothing opens. */
export function HoursForm(props: { hours: Hours | undefined; onChange: (hours: Hours | undefined) => void }) {
  const { hours, onChange } = props;
  return (
    <fieldset class="plain-set">
      <label class="check">
        <input
          type="checkbox"
          checked={hours !== undefined}
          onChange={(event) => onChange(event.currentTarget.checked ? firstHours() : undefined)}
        />
        Only in business hours
      </label>
      {hours && <WeeklyFields hours={hours} onChange={onChange} />}
    </fieldset>
  );
}

export function WeeklyFields<T extends Hours>(props: { hours: T; onChange: (hours: T) => void }) {
  const { hours, onChange } = props;
  const toggle = (day: (typeof DAYS)[number]): void => {
    const on = hours.weekdays.includes(day);
    const weekdays = DAYS.filter((each) => (each === day ? !on : hours.weekdays.includes(each)));
    if (weekdays.length > 0) onChange({ ...hours, weekdays });
  };
  return (
    <div class="row form-row">
      <div class="segmented" role="group" aria-label="Days">
        {DAYS.map((day) => (
          <button type="button" key={day} aria-pressed={hours.weekdays.includes(day)} onClick={() => toggle(day)}>
            {day}
          </button>
        ))}
      </div>
      <label class="field narrow">
        From
        <input
          pattern="[0-2][0-9]:[0-5][0-9]"
          required
          value={hours.from}
          onInput={(event) => onChange({ ...hours, from: event.currentTarget.value })}
        />
      </label>
      <label class="field narrow">
        To
        <input
          pattern="[0-2][0-9]:[0-5][0-9]"
          required
          value={hours.to}
          onInput={(event) => onChange({ ...hours, to: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        Time zone
        <input
          required
          value={hours.timeZone}
          onInput={(event) => onChange({ ...hours, timeZone: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
