import { useState } from 'preact/hooks';
import type { SettingsRule } from '../../api/types';
import { RuleForm } from './rule-form';
import { describeRule } from './rule-words';

/** Rules in their order; one of them open for editing. */
export function RuleList(props: {
  rules: readonly SettingsRule[];
  allowed: boolean;
  onChange: (rules: SettingsRule[]) => void;
}) {
  const { rules, onChange } = props;
  const [open, setOpen] = useState<number>();
  const replace = (index: number, rule: SettingsRule): void => onChange(rules.with(index, rule));
  const move = (index: number, by: -1 | 1): void => {
    const moved = [...rules];
    [moved[index], moved[index + by]] = [moved[index + by]!, moved[index]!];
    setOpen(undefined);
    onChange(moved);
  };
  const add = (): void => {
    onChange([...rules, { name: `rule ${rules.length + 1}`, match: '' }]);
    setOpen(rules.length);
  };
  return (
    <section class="card">
      <div class="row">
        <h2 class="grow">Rules</h2>
        {props.allowed && (
          <button type="button" onClick={add}>
            Add a rule
          </button>
        )}
      </div>
      {rules.length === 0 && (
        <p class="sub">None yet: the configuration file and built-in rules by unit decide for every series.</p>
      )}
      <ol class="rules">
        {rules.map((rule, index) => (
          <li key={index}>
            <div class="row">
              <b>{rule.name}</b>
              <code class="mono">{rule.match || 'every series'}</code>
              {props.allowed && (
                <span class="row rule-tools">
                  <button
                    type="button"
                    class="quiet"
                    disabled={index === 0}
                    aria-label={`Move ${rule.name} up`}
                    onClick={() => move(index, -1)}
                  >
                    ↑
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    disabled={index === rules.length - 1}
                    aria-label={`Move ${rule.name} down`}
                    onClick={() => move(index, 1)}
                  >
                    ↓
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    aria-expanded={open === index}
                    onClick={() => setOpen(open === index ? undefined : index)}
                  >
                    {open === index ? 'Close' : 'Edit'}
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Remove ${rule.name}`}
                    onClick={() => {
                      setOpen(undefined);
                      onChange(rules.filter((_, other) => other !== index));
                    }}
                  >
                    Remove
                  </button>
                </span>
              )}
            </div>
            <div class="muted">{describeRule(rule).join(' · ') || 'says nothing yet'}</div>
            {open === index && <RuleForm rule={rule} onChange={(changed) => replace(index, changed)} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
