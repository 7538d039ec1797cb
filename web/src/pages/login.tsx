import { useState } from 'preact/hooks';
import { ErrorNote } from '../components/states';

export function LoginPage(props: { signIn: (username: string, password: string) => Promise<void> }) {
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setError(undefined);
    props
      .signIn(String(form.get('username')), String(form.get('password')))
      .catch((failure: Error) => setError(failure))
      .finally(() => setBusy(false));
  };
  return (
    <main>
      <div class="card login">
        <form onSubmit={submit}>
          <div class="row">
            <img src="./favicon.svg" alt="" width="30" height="30" />
            <h1>DevOps Simulator</h1>
          </div>
          <ErrorNote error={error} />
          <label class="field">
            User name
            <input name="username" autocomplete="username" required autofocus value="admin" />
          </label>
          <label class="field">
            Password
            <input name="password" type="password" autocomplete="current-password" required />
            <small>The first start prints the administrator's password once, in the terminal.</small>
          </label>
          <button class="primary" type="submit" disabled={busy}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
      </div>
    </main>
  );
}
