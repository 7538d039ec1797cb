import { statfs } from 'node:fs/promises';
import type { Mount } from './proc-parsers.js';

const TIMEOUT_MS = 2000;

export interface FilesystemSize {
  readonly mount: Mount;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  /** Free for ordinary users. */
  readonly availableBytes: number;
}

/** Asks file systems for their sizes; one that hangs (a failing disk) is left alone until its answer arrives. */
export class FilesystemSizes {
  private readonly pending = new Set<string>();

  async read(mounts: readonly Mount[]): Promise<readonly FilesystemSize[]> {
    const answers = await Promise.all(mounts.map((mount) => this.sizeOf(mount)));
    return answers.filter((answer) => answer !== undefined);
  }

  private async sizeOf(mount: Mount): Promise<FilesystemSize | undefined> {
    const { mountpoint } = mount;
    if (this.pending.has(mountpoint)) return undefined;
    this.pending.add(mountpoint);
    const answer = statfs(mountpoint)
      .catch(() => undefined) // Not permitted, or gone since.
      .finally(() => this.pending.delete(mountpoint));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, TIMEOUT_MS, undefined);
      timer.unref();
    });
    const size = await Promise.race([answer, timeout]);
    clearTimeout(timer);
    if (size === undefined || size.blocks === 0) return undefined;
    return {
      mount,
      sizeBytes: size.blocks * size.bsize,
      freeBytes: size.bfree * size.bsize,
      availableBytes: size.bavail * size.bsize,
    };
  }
}
