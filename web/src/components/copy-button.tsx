import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 2_000;

/** Pages that did not come over TLS may not write to the clipboard: there the text is selected, to be copied by hand. */
export function CopyButton(props: { text: string; from: { readonly current: HTMLElement | null } }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setSaid('Copied');
    } catch {
      if (props.from.current) getSelection()?.selectAllChildren(props.from.current);
      setSaid('Selected: press Ctrl+C');
    }
  };
  return (
    <>
      <span class="muted" role="status">
        {said}
      </span>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
    </>
  );
}
