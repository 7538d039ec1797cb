export { Authenticated, EnvironmentParameter } from './access/access-rule.js';
export { assertEnvironmentAccess, scopeToEnvironment } from './access/environment-access.js';
export { RequestAuthenticator } from './access/request-authenticator.js';
export type { AuthenticatedRequest } from './strategies/authenticated-request.js';
export { ApiTokenProvisioner, type ProvisionedToken } from './tokens/api-token.provisioner.js';
