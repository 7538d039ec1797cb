import { useRef } from 'preact/hooks';
import type { Issue } from '../../api/problem';

/** How the server calls a text that was sent to it. */
const SENT_FILE = 'scenario.yaml';

/** A text area with line numbers; lines with a mistake stand out, and a click on a mistake leads to its place. */
export function YamlEditor(props: {
  label: string;
  value: string;
  issues: readonly Issue[];
  onInput: (text: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const bad = new Set(props.issues.filter(isOwn).map(({ line }) => line));
  const lines = props.value.split('\n').length;
  const show = ({ line = 1, column = 1 }: Issue): void => {
    const text = area.current;
    if (!text) return;
    const before = props.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    text.focus();
    text.setSelectionRange(at, at);
    const height = text.scrollHeight / Math.max(1, lines);
    text.scrollTop = Math.max(0, (line - 4) * height);
  };
  return (
    <div class="stack tight">
      <label class="field">
        {props.label}
        <div class="editor">
          <div class="gutter" ref={gutter} aria-hidden="true">
            {Array.from({ length: lines }, (_, index) => (
              <div key={index} class={bad.has(index + 1) ? 'bad' : undefined}>
                {index + 1}
              </div>
            ))}
          </div>
          <textarea
            ref={area}
            required
            rows={16}
            wrap="off"
            spellcheck={false}
            autocapitalize="off"
            placeholder={'dsim: 1\nname: mine\n…'}
            aria-invalid={props.issues.length > 0}
            value={props.value}
            onInput={(event) => props.onInput(event.currentTarget.value)}
            onScroll={(event) => {
              if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
            }}
          />
        </div>
      </label>
      {props.issues.length > 0 && (
        <div class="note bad" role="alert">
          <b>{props.issues.length === 1 ? 'One mistake' : `${props.issues.length} mistakes`}</b>
          <ul class="plain issues">
            {props.issues.map((issue) => (
              <li key={`${issue.line} ${issue.column} ${issue.path} ${issue.message}`}>
                <IssueLine issue={issue} show={show} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function IssueLine({ issue, show }: { issue: Issue; show: (issue: Issue) => void }) {
  const { file, line, column, path, message } = issue;
  return (
    <>
      {isOwn(issue) ? (
        <button type="button" class="link" onClick={() => show(issue)}>
          line {line}, column {column}
        </button>
      ) : (
        line !== undefined && (
          <b>
            {file}, line {line}
          </b>
        )
      )}{' '}
      {path && <span class="mono">{path}: </span>}
      {message}
    </>
  );
}

/** The mistake may also be in an included file, which is not the text in front of the user. */
function isOwn({ file, line }: Issue): boolean {
  return line !== undefined && (file === undefined || file === SENT_FILE);
}
