export { EnvironmentNotFoundError } from './environments.errors.js';
export { EnvironmentsReader, type Environment, type EnvironmentKind } from './environments.reader.js';
export { EnvironmentsProvisioner } from './environments.provisioner.js';
export { EnvironmentChanged, EnvironmentCreated, EnvironmentDeleted } from './environments.events.js';
