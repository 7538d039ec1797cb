import { useEffect, useState } from 'preact/hooks';
import { get, post, whenSignedOut } from '../api/client';
import { ApiError } from '../api/problem';
import type { Principal } from '../api/types';

export type Session =
  | { readonly state: 'checking' }
  | { readonly state: 'out' }
  | { readonly state: 'unreachable'; readonly error: Error }
  | { readonly state: 'in'; readonly principal: Principal };

const RETRY_MS = 3_000;

/** Who is signed in, by the session cookie that only the server can read. */
export function useSession(): {
  session: Session;
  signIn: (u: string, p: string) => Promise<void>;
  signOut: () => void;
} {
  const [session, setSession] = useState<Session>({ state: 'checking' });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = (): void => {
      get<Principal>('auth/me').then(
        (principal) => setSession({ state: 'in', principal }),
        (error: Error) => {
          if (error instanceof ApiError && error.status === 401) return setSession({ state: 'out' });
          setSession({ state: 'unreachable', error });
          timer = setTimeout(check, RETRY_MS);
        },
      );
    };
    whenSignedOut(() => setSession({ state: 'out' }));
    check();
    return () => clearTimeout(timer);
  }, []);

  return {
    session,
    signIn: async (username, password) => {
      await post('auth/login', { username, password });
      setSession({ state: 'in', principal: await get<Principal>('auth/me') });
    },
    signOut: () => {
      post('auth/logout').finally(() => setSession({ state: 'out' }));
    },
  };
}

export const may = (principal: Principal, permission: Principal['permissions'][number]): boolean =>
  principal.permissions.includes(permission) || principal.permissions.includes('admin');
