/** What we use of an EventSource, so that this file knows no browser. */
export interface Source {
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: { readonly data: string }) => void): void;
  close(): void;
}

export type LiveState = 'connecting' | 'live' | 'offline';

export interface LiveListener {
  readonly types: readonly string[];
  /** Only events of this environment; all where unset. */
  readonly environmentId?: string;
  /** Something happened, or may have been missed while the stream was away. */
  onChange(): void;
  onState(state: LiveState): void;
}

const CLOSED = 2;
const RETRY_MS = 3_000;
/** Bursts, such as an outage of many series, become one reload at the beginning and one per second. */
const QUIET_MS = 1_000;

/**
 * The server's events, over one stream for everything on the page and none while nobody looks: over HTTP/1.1 a browser
 * has six connections to a host, for all tabs together, and a stream holds one of them for ever.
 */
export class LiveStream {
  private readonly listeners = new Map<LiveListener, ReturnType<typeof setTimeout> | undefined>();
  private readonly waiting = new Set<LiveListener>();
  private source: Source | undefined;
  private types = new Set<string>();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private state: LiveState = 'connecting';
  private wasLive = false;
  private visible = true;

  constructor(private readonly open: () => Source) {}

  /** Answers how to stop listening. */
  listen(listener: LiveListener): () => void {
    this.listeners.set(listener, undefined);
    listener.onState(this.state);
    if (this.source) this.follow(listener.types);
    else if (this.visible) this.connect();
    return () => {
      clearTimeout(this.listeners.get(listener));
      this.listeners.delete(listener);
      this.waiting.delete(listener);
      if (this.listeners.size > 0) return;
      this.disconnect();
      this.wasLive = false;
    };
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (!visible) this.disconnect();
    else if (this.listeners.size > 0) this.connect();
  }

  private connect(): void {
    const source = this.open();
    this.source = source;
    this.types = new Set();
    source.onopen = () => {
      this.say('live');
      // Nothing is replayed: what happened while we were away is known only by asking.
      if (this.wasLive) for (const listener of this.listeners.keys()) this.changed(listener);
      this.wasLive = true;
    };
    source.onerror = () => {
      this.say('offline');
      // The browser retries by itself unless the server refused; then we do.
      if (source.readyState !== CLOSED || this.source !== source) return;
      this.source = undefined;
      this.retry = setTimeout(() => this.connect(), RETRY_MS);
    };
    for (const { types } of this.listeners.keys()) this.follow(types);
  }

  private disconnect(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
    this.say('connecting');
  }

  private follow(types: readonly string[]): void {
    for (const type of types) {
      if (this.types.has(type)) continue;
      this.types.add(type);
      this.source?.addEventListener(type, ({ data }) => {
        const { environmentId } = JSON.parse(data) as { environmentId?: string };
        for (const listener of this.listeners.keys()) {
          const concerned = listener.environmentId === undefined || listener.environmentId === environmentId;
          if (concerned && listener.types.includes(type)) this.changed(listener);
        }
      });
    }
  }

  private changed(listener: LiveListener): void {
    if (this.listeners.get(listener) !== undefined) {
      this.waiting.add(listener);
      return;
    }
    this.listeners.set(
      listener,
      setTimeout(() => {
        this.listeners.set(listener, undefined);
        if (this.waiting.delete(listener)) this.changed(listener);
      }, QUIET_MS),
    );
    listener.onChange();
  }

  private say(state: LiveState): void {
    this.state = state;
    for (const listener of this.listeners.keys()) listener.onState(state);
  }
}
