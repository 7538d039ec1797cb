/** A paragraph of a scenario, in which code stands between backticks. */
export function Prose(props: { text: string; class?: string }) {
  return (
    <p class={`teaches ${props.class ?? ''}`}>
      {props.text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </p>
  );
}
