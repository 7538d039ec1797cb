import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out. Readiness, streams and the drain look here. */
@Injectable()
export class ShutdownState {
  private begun = false;
  private readonly listeners = new Set<() => void>();

  get shuttingDown(): boolean {
    return this.begun;
  }

  /** Idempotent. Readiness turns 503 and streams end at once. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  /** Calls back when shutdown begins, at once where it has. The returned function takes the callback away again. */
  onBegin(listener: () => void): () => void {
    if (this.begun) listener();
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
