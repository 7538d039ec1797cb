import { Body, Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { CurrentPrincipal, Public, type Principal } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { Runtime } from '../../../platform/registry/runtime.js';
import { Authenticated } from '../access/access-rule.js';
import { mayReceiveCookie } from '../access/same-origin.js';
import { authConfig } from '../auth.config.js';
import { SessionRequiredError } from '../auth.errors.js';
import { LocalLoginGuard } from '../login/local-login.guard.js';
import { LoginService } from '../login/login.service.js';
import { sessionCookieHeader } from '../sessions/session-cookie.js';
import type { AuthenticatedRequest } from '../strategies/authenticated-request.js';
import type { User } from '../users/user.repository.js';
import { changePasswordRequest, loginRequest, loginResponse, principalResponse } from './auth.schema.js';

interface Reply {
  header(name: string, value: string): unknown;
}

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  private readonly secureCookies: boolean;

  constructor(
    @InjectConfig(authConfig) config: ConfigOf<typeof authConfig>,
    runtime: Runtime,
    private readonly logins: LoginService,
  ) {
    this.secureCookies = config.secureCookies ?? runtime.profile !== 'development';
  }

  @Post('login')
  @Public()
  @UseGuards(LocalLoginGuard)
  @Returns(200, loginResponse)
  async login(
    @Body({ schema: loginRequest }) _body: unknown,
    @Req() request: AuthenticatedRequest & { readonly user: User },
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.output<typeof loginResponse>> {
    const login = await this.logins.login(request.user, request.ip ?? 'unknown');
    if (mayReceiveCookie(request)) this.setCookie(reply, login.jwt, login.expiresInSeconds);
    reply.header('Cache-Control', 'no-store');
    const { id, username, role } = request.user;
    return {
      accessToken: login.jwt,
      tokenType: 'Bearer',
      expiresIn: login.expiresInSeconds,
      user: { id, username, role, permissions: [...login.principal.permissions] },
    };
  }

  @Post('logout')
  @Authenticated()
  @Returns(204)
  async logout(
    @CurrentPrincipal() principal: Principal,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    await this.logins.logout(principal, sessionOf(request), request.ip ?? 'unknown');
    this.setCookie(reply, '', 0);
  }

  @Get('me')
  @Authenticated()
  @Returns(200, principalResponse)
  me(@CurrentPrincipal() principal: Principal): z.output<typeof principalResponse> {
    const { kind, id, name, permissions, environmentId } = principal;
    return { kind, id, name, permissions: [...permissions], environmentId };
  }

  @Post('password')
  @Authenticated()
  @Returns(204)
  async changePassword(
    @Body({ schema: changePasswordRequest }) body: z.output<typeof changePasswordRequest>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: AuthenticatedRequest,
  ): Promise<void> {
    const passwords = { current: body.currentPassword, next: body.newPassword };
    await this.logins.changePassword(principal, sessionOf(request), passwords, request.ip ?? 'unknown');
  }

  private setCookie(reply: Reply, jwt: string, maxAgeSeconds: number): void {
    reply.header('Set-Cookie', sessionCookieHeader(jwt, { secure: this.secureCookies, maxAgeSeconds }));
  }
}

function sessionOf(request: AuthenticatedRequest): string {
  if (!request.sessionId) throw new SessionRequiredError();
  return request.sessionId;
}
