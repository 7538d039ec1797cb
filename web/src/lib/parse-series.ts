/** Back from `name{a="b",c="d"}` to labels; values are JSON strings, as the server prints them. */
export function parseSeries(text: string): Record<string, string> {
  const brace = text.indexOf('{');
  const labels: Record<string, string> = { __name__: brace < 0 ? text : text.slice(0, brace) };
  for (const [, name, value] of text.matchAll(/([\w.:-]+)=("(?:[^"\\]|\\.)*")/g)) {
    if (name !== undefined && value !== undefined) labels[name] = JSON.parse(value) as string;
  }
  return labels;
}
