import type { Profile, Role } from './module-definition.js';

/** Facts about this process that several parts need. Injected; set once at boot. */
export abstract class Runtime {
  abstract readonly profile: Profile;
  abstract readonly role: Role;
  /** Version of the product, from package.json. */
  abstract readonly version: string;
  /** Folder that holds package.json, `models/`, `dist/`. */
  abstract readonly projectDir: string;
  /** Folder for what must survive a restart. May not exist where nothing is kept on disk. */
  abstract readonly dataDir: string;
  /** True where this process runs the embedded PostgreSQL. */
  abstract readonly embeddedDatabase: boolean;
  /** True in the worker that a process of role `all` forked. */
  abstract readonly supervised: boolean;
}
