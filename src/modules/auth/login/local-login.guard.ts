import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { InvalidLoginRequestError } from '../auth.errors.js';
import { loginRequest } from '../api/auth.schema.js';
import { StrategyRegistry } from '../strategies/strategy-registry.js';
import type { User } from '../users/user.repository.js';

/** Checks the password before the login route runs and leaves the user on `request.user`. */
@Injectable()
export class LocalLoginGuard extends AuthGuard() {
  constructor(registry: StrategyRegistry) {
    const options = {
      session: false,
      property: 'user',
      // Asked for on every request: strategies carry the request's callbacks (see StrategyRegistry).
      get defaultStrategy(): string[] {
        return registry.forOneRequest('login', 'local') as unknown as string[];
      },
    };
    super(options);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // Guards run before pipes, and passport-local would also take credentials from the query string.
    const body = loginRequest.safeParse(context.switchToHttp().getRequest<{ body?: unknown }>().body);
    if (!body.success) {
      throw new InvalidLoginRequestError(
        body.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
      );
    }
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<T = User>(error: unknown, user: T | false): T {
    if (error) throw error as Error;
    if (!user) throw new InvalidLoginRequestError([]);
    return user;
  }
}
