import { Injectable } from '@nestjs/common';
import type { Strategy } from 'passport';

/** Tried in order on every request; `login` ones only by the route that is made for them. */
export type StrategyUse = 'request' | 'login';

/**
 * The ways to authenticate, each a Passport strategy that registers itself. OAuth2 and OIDC will be further ones.
 * Kept per application rather than in Passport's global instance, which would mix two applications of one process.
 */
@Injectable()
export class StrategyRegistry {
  private readonly strategies: { readonly name: string; readonly use: StrategyUse; readonly strategy: Strategy }[] = [];

  register(name: string, use: StrategyUse, strategy: Strategy): void {
    if (this.strategies.some((known) => known.name === name)) {
      throw new Error(`authentication strategy "${name}" is registered twice`);
    }
    this.strategies.push({ name, use, strategy });
  }

  /**
   * A fresh copy of each for one request: Passport hangs the request's callbacks on the strategy object, so a shared
   * one would answer one caller with the identity of another.
   */
  forOneRequest(use: StrategyUse, name?: string): Strategy[] {
    return this.strategies
      .filter((known) => known.use === use && (name === undefined || known.name === name))
      .map((known) => Object.create(known.strategy) as Strategy);
  }
}
