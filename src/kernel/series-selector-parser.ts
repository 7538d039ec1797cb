import { compileMatcher } from './series-selector-matching.js';
import { RegexSyntaxError } from './series-selector-regex-parser.js';
import type { LabelMatcher, SeriesSelector } from './series-selector.js';
import { InvalidSelectorError } from './series-selector.errors.js';
import { readQuoted } from './series-selector-strings.js';
import { METRIC_NAME_LABEL } from './time-series.js';

const MAX_SELECTOR_LENGTH = 10_000;
const BLANK = /[ \t\r\n]*(?:#[^\n]*\n?[ \t\r\n]*)*/y;
const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const OPERATOR = /=~|!~|!=|=/y;

/**
 * Parses a Prometheus series selector: `up`, `up{job="node"}`, `{__name__=~"node_.*",job!="x"}`, and with quoted
 * names, as since Prometheus 3, `{"my.metric", "my.label"="b"}`. Strings take the three quotes and the escapes of
 * PromQL. As in Prometheus, at least one matcher must refuse the empty value.
 *
 * @throws InvalidSelectorError with the position and the cure
 */
export function parseSelector(text: string): SeriesSelector {
  return new SelectorParser(text).parse();
}

class SelectorParser {
  private at = 0;
  private readonly matchers: LabelMatcher[] = [];
  private metricName: string | undefined;

  constructor(private readonly text: string) {}

  parse(): SeriesSelector {
    if (this.text.length > MAX_SELECTOR_LENGTH) {
      throw this.error(`a selector has at most ${MAX_SELECTOR_LENGTH} characters`, MAX_SELECTOR_LENGTH);
    }
    this.take(BLANK);
    const name = this.take(METRIC_NAME);
    if (name !== undefined && name !== '') this.nameMetric(name, this.at - name.length);
    this.take(BLANK);
    if (this.text[this.at] === '{') this.matcherList();
    else if (this.metricName === undefined) throw this.error('expected a metric name or "{"');
    this.take(BLANK);
    if (this.at < this.text.length) {
      throw this.error(`unexpected "${this.text[this.at]}"; only a selector goes here, no range, function or operator`);
    }
    if (this.matchers.every((matcher) => compileMatcher(matcher)(''))) {
      throw this.error('it would match every series; add a matcher that refuses the empty value, such as {job!=""}', 0);
    }
    return this.matchers;
  }

  private matcherList(): void {
    this.at++;
    for (;;) {
      this.take(BLANK);
      if (this.text[this.at] === '}') break;
      if (this.at >= this.text.length) throw this.error('"{" without "}"');
      this.matcher();
      this.take(BLANK);
      if (this.text[this.at] === ',') this.at++;
      else if (this.text[this.at] !== '}') throw this.error('expected "," or "}"');
    }
    this.at++;
  }

  private matcher(): void {
    const start = this.at;
    const quoted = this.quoted();
    const name = quoted ?? this.take(LABEL_NAME);
    if (name === undefined)
      throw this.error('expected a label name; other names than [a-zA-Z_][a-zA-Z0-9_]* need quotes');
    this.take(BLANK);
    const operator = this.take(OPERATOR) as LabelMatcher['operator'] | undefined;
    if (operator === undefined) {
      if (quoted === undefined || !/[,}]/.test(this.text[this.at] ?? ''))
        throw this.error('expected one of = != =~ !~');
      this.nameMetric(quoted, start);
      return;
    }
    if (name === '') throw this.error('a label name is empty', start);
    this.take(BLANK);
    const valueAt = this.at;
    const value = this.quoted();
    if (value === undefined) throw this.error('expected a value in quotes');
    if (name === METRIC_NAME_LABEL && this.metricName !== undefined)
      throw this.error('the metric name is given twice', start);
    this.add({ name, operator, value }, valueAt);
  }

  private nameMetric(name: string, position: number): void {
    if (this.metricName !== undefined || this.matchers.some((matcher) => matcher.name === METRIC_NAME_LABEL)) {
      throw this.error('the metric name is given twice', position);
    }
    if (name === '') throw this.error('the metric name is empty', position);
    this.metricName = name;
    this.add({ name: METRIC_NAME_LABEL, operator: '=', value: name }, position);
  }

  private add(matcher: LabelMatcher, valueAt: number): void {
    try {
      compileMatcher(matcher);
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
      throw this.error(`regular expression: ${error.message} (its character ${error.position + 1})`, valueAt);
    }
    this.matchers.push(matcher);
  }

  private quoted(): string | undefined {
    const result = readQuoted(this.text, this.at);
    if (result === undefined) return undefined;
    // PostgreSQL's text and jsonb cannot hold it, and ingestion refuses it.
    if (result.value.includes('\0')) throw this.error('no label holds the character U+0000');
    this.at = result.end;
    return result.value;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private error(what: string, position = this.at): InvalidSelectorError {
    return new InvalidSelectorError(this.text, position, what);
  }
}
