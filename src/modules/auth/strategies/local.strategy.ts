import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Strategy as PassportBase } from 'passport';
import { Strategy } from 'passport-local';
import { LoginService } from '../login/login.service.js';
import type { User } from '../users/user.repository.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { StrategyRegistry } from './strategy-registry.js';

/** Username and password from the body of a login. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(
    private readonly logins: LoginService,
    registry: StrategyRegistry,
  ) {
    super({ passReqToCallback: true });
    registry.register('local', 'login', this as unknown as PassportBase);
  }

  validate(request: AuthenticatedRequest, username: string, password: string): Promise<User> {
    return this.logins.verify(username, password, request.ip ?? 'unknown');
  }
}
