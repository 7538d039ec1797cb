import { ByteKeyTable } from './byte-key-table.js';
import type { WriteProtocol } from './decoded-write.js';

export interface SeriesKeyCacheOptions {
  /** Series that are certainly remembered per protocol, the most recently used ones. At most twice as many are kept. */
  readonly maxSeries: number;
}

/**
 * Remembers, for one environment, which series id the labels of a message stand for, without building label strings.
 *
 * 1.0: the raw label bytes are the key. 2.0: the label references differ from request to request, so each symbol in
 * use first gets a number that lasts (`internSymbol`), and the sequence of those numbers is the key.
 */
export class SeriesKeyCache {
  private readonly v1: ByteKeyTable;
  private readonly v2: ByteKeyTable;
  private readonly symbols: ByteKeyTable;
  private nextSymbol = 0;

  constructor(options: SeriesKeyCacheOptions) {
    this.v1 = new ByteKeyTable(options.maxSeries);
    this.v2 = new ByteKeyTable(options.maxSeries);
    this.symbols = new ByteKeyTable(options.maxSeries * 4);
  }

  /** Keys remembered at the moment, both protocols together. */
  get size(): number {
    return this.v1.size + this.v2.size;
  }

  /** Forget everything: series were deleted, or ids may have changed. */
  clear(): void {
    this.v1.clear();
    this.v2.clear();
    this.symbols.clear();
  }

  /** Series id for key bytes [from, to), or -1. */
  find(protocol: WriteProtocol, view: DataView, from: number, to: number): number {
    return (protocol === 'v1' ? this.v1 : this.v2).find(view, from, to);
  }

  remember(protocol: WriteProtocol, key: Uint8Array, seriesId: number): void {
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
    (protocol === 'v1' ? this.v1 : this.v2).set(view, 0, key.byteLength, seriesId);
  }

  /** A number for the symbol [from, to). Never given to another one, so a forgotten symbol only costs a new number. */
  internSymbol(view: DataView, from: number, to: number): number {
    const known = this.symbols.find(view, from, to);
    if (known >= 0) return known;
    if (this.nextSymbol === 0x7fffffff) {
      this.clear();
      this.nextSymbol = 0;
    }
    const symbol = this.nextSymbol++;
    this.symbols.set(view, from, to, symbol);
    return symbol;
  }
}
