import type { ComponentChildren } from 'preact';

const TABS = [
  ['simulations', 'Live'],
  ['runs', 'Batch runs'],
] as const;

/** Title of the section with its two parts: what lives on, and what runs from start to end. */
export function SectionHead(props: { current: (typeof TABS)[number][0]; text: string; children?: ComponentChildren }) {
  return (
    <div class="head">
      <div class="grow">
        <div class="row">
          <h1>Simulations</h1>
          <nav class="tabs" aria-label="Kinds of simulation">
            {TABS.map(([path, text]) => (
              <a key={path} href={`#/${path}`} aria-current={path === props.current ? 'page' : undefined}>
                {text}
              </a>
            ))}
          </nav>
        </div>
        <p class="sub">{props.text}</p>
      </div>
      {props.children}
    </div>
  );
}
