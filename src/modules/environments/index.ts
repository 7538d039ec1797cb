export { EnvironmentNotFoundError } from './environments.errors.js';
export { EnvironmentsReader, type Environment, type EnvironmentKind } from './environments.reader.js';
export { EnvironmentsProvisioner, type WantedEnvironment } from './environments.provisioner.js';
export { EventTime } from './event-time.js';
export { EnvironmentChanged, EnvironmentCreated, EnvironmentDeleted } from './environments.events.js';
