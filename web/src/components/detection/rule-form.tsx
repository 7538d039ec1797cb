import type { SettingsRule } from '../../api/types';
import { HoursForm } from './hours-form';
import { MaintenanceForm } from './maintenance-form';

interface RuleFormProps {
  readonly rule: SettingsRule;
  readonly onChange: (rule: SettingsRule) => void;
}

const DIRECTIONS = [
  ['', 'leave as it is'],
  ['both', 'both sides count'],
  ['above', 'only above counts'],
  ['below', 'only below counts'],
] as const;

const EXCLUSIONS = [
  ['', 'leave as it is'],
  ['yes', 'do not score'],
  ['no', 'score, whatever others say'],
] as const;

export function RuleForm({ rule, onChange }: RuleFormProps) {
  const set = (changes: Partial<SettingsRule>): void => onChange(without({ ...rule, ...changes }));
  const range = rule.dataRange ?? {};
  const setRange = (changes: { lower?: number | undefined; upper?: number | undefined }): void => {
    const next = without({ ...range, ...changes });
    set({ dataRange: Object.keys(next).length > 0 ? next : undefined });
  };
  const exclusion = rule.excluded === undefined ? '' : rule.excluded === false ? 'no' : 'yes';
  return (
    <div class="stack tight rule-form">
      <div class="row form-row">
        <label class="field">
          Name
          <input required maxLength={100} value={rule.name} onInput={(e) => set({ name: e.currentTarget.value })} />
        </label>
        <label class="field" style={{ flexGrow: 3 }}>
          Series
          <input
            class="mono"
            value={rule.match}
            placeholder={'{job="shop"}; empty: every series'}
            onInput={(e) => set({ match: e.currentTarget.value })}
          />
        </label>
      </div>
      <div class="row form-row">
        <label class="field">
          Direction
          <select
            value={rule.direction ?? ''}
            onChange={(e) => set({ direction: (e.currentTarget.value || undefined) as SettingsRule['direction'] })}
          >
            {DIRECTIONS.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Numeric
          label="Sensitivity, ×"
          value={rule.sensitivity}
          min={0.1}
          max={10}
          onChange={(sensitivity) => set({ sensitivity })}
        />
        <Numeric
          label="Smallest deviation"
          value={rule.minimumDeviation}
          min={0}
          onChange={(minimumDeviation) => set({ minimumDeviation })}
        />
        <Numeric
          label="… as a share"
          value={rule.minimumRelativeDeviation}
          min={0}
          max={10}
          onChange={(minimumRelativeDeviation) => set({ minimumRelativeDeviation })}
        />
      </div>
      <div class="row form-row">
        <Numeric label="Range from" value={range.lower} onChange={(lower) => setRange({ lower })} />
        <Numeric label="Range to" value={range.upper} onChange={(upper) => setRange({ upper })} />
        <label class="field">
          Exclusion
          <select
            value={exclusion}
            onChange={(e) => {
              const { value } = e.currentTarget;
              set({ excluded: value === '' ? undefined : value === 'no' ? false : { reason: 'not of interest' } });
            }}
          >
            {EXCLUSIONS.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {rule.excluded && (
          <label class="field">
            Because
            <input
              required
              maxLength={200}
              value={rule.excluded.reason}
              onInput={(e) => set({ excluded: { reason: e.currentTarget.value } })}
            />
          </label>
        )}
      </div>
      <HoursForm hours={rule.businessHours} onChange={(businessHours) => set({ businessHours })} />
      <MaintenanceForm windows={rule.maintenance ?? []} onChange={(maintenance) => set({ maintenance })} />
    </div>
  );
}

function Numeric(props: {
  label: string;
  value: number | undefined;
  min?: number;
  max?: number;
  onChange: (value: number | undefined) => void;
}) {
  return (
    <label class="field narrow">
      {props.label}
      <input
        type="number"
        step="any"
        min={props.min}
        max={props.max}
        placeholder="as it is"
        value={props.value ?? ''}
        onInput={(event) => {
          const { valueAsNumber } = event.currentTarget;
          props.onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber);
        }}
      />
    </label>
  );
}

/** What is not stated is left out of the document. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
