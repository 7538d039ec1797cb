import { DomainError } from '../../kernel/errors.js';

/** The embedded server cannot run here. The message is one sentence, with the cure. */
export class EmbeddedPostgresError extends DomainError {
  constructor(what: string, message: string, cause?: unknown) {
    super({ code: `embedded_postgres.${what}`, kind: 'internal', message, cause });
  }
}

/** Turns an error of the file system into a sentence that names the folder and the way out. */
export function folderError(folder: string, error: unknown): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new EmbeddedPostgresError(
      'folder_not_writable',
      `The data folder ${folder} cannot be written by this user (${code}). Make it writable, or choose another with DSIM_DATA_DIR.`,
      error,
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new EmbeddedPostgresError(
      'not_a_folder',
      `${folder} is not a folder. Choose another place with DSIM_DATA_DIR.`,
      error,
    );
  }
  return new EmbeddedPostgresError(
    'folder_unusable',
    `The data folder ${folder} cannot be used: ${error instanceof Error ? error.message : String(error)}. Choose another with DSIM_DATA_DIR.`,
    error,
  );
}

export function diskFull(folder: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk_full',
    `The disk that holds ${folder} is full. Free some space, or choose a folder on another disk with DSIM_DATA_DIR.`,
    cause,
  );
}
