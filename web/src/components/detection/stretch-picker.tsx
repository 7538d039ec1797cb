import { useState } from 'preact/hooks';

/** A stretch that somebody means, in the time zone of the browser. */
export function StretchPicker(props: {
  until: number | undefined;
  onPick: (stretch: { from: string; to: string } | undefined) => void;
}) {
  const end = props.until ?? Date.now();
  const [from, setFrom] = useState(() => localText(end - 30 * 60_000));
  const [to, setTo] = useState(() => localText(end));
  const wrong = Date.parse(from) >= Date.parse(to);
  const pick = (event: SubmitEvent): void => {
    event.preventDefault();
    props.onPick({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  };
  return (
    <form class="card row form-row" onSubmit={pick} aria-label="Mean a stretch">
      <label class="field">
        From
        <input type="datetime-local" step={1} required value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
      </label>
      <label class="field">
        To
        <input type="datetime-local" step={1} required value={to} onInput={(e) => setTo(e.currentTarget.value)} />
      </label>
      <button type="submit" disabled={wrong} title={wrong ? '“From” must be before “to”' : undefined}>
        Say something about this stretch
      </button>
    </form>
  );
}

function localText(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}
