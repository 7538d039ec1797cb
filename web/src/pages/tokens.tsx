import { useState } from 'preact/hooks';
import { get, post, remove } from '../api/client';
import type { ApiToken, Environment, Page } from '../api/types';
import { ErrorNote, Loading } from '../components/states';
import { Age, Time } from '../components/time';
import { useResource } from '../lib/resource';

const CHOICES = [
  ['telemetry:write', 'send samples (Prometheus remote write)'],
  ['telemetry:read', 'read samples, scrape a simulated environment'],
  ['simulation:read', 'read simulations and runs'],
  ['simulation:control', 'control simulations and runs'],
  ['models:write', 'upload models, and change which ones score'],
  ['metrics:read', "scrape this server's own /metrics"],
  ['incidents:read', 'read incidents'],
] as const;

const NEW_ENVIRONMENT = '(new)';

export function TokensPage() {
  const tokens = useResource('tokens', (signal) => get<Page<ApiToken>>('api-tokens', { limit: 200 }, signal));
  const environments = useResource('token-environments', (signal) =>
    get<Page<Environment>>('environments', { limit: 200 }, signal),
  );
  const [created, setCreated] = useState<{ token: string; permission: string }>();
  const [error, setError] = useState<Error>();

  const create = async (form: FormData): Promise<void> => {
    const name = String(form.get('name'));
    let environmentId = String(form.get('environmentId')) || undefined;
    if (environmentId === NEW_ENVIRONMENT) {
      const environment = await post<Environment>('environments', { name, kind: 'live' });
      environmentId = environment.id;
      environments.reload();
    }
    const permission = String(form.get('permission'));
    const { token } = await post<{ token: string }>('api-tokens', { name, permissions: [permission], environmentId });
    setCreated({ token, permission });
    tokens.reload();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setError(undefined);
    create(new FormData(event.currentTarget as HTMLFormElement)).catch((failure: Error) => setError(failure));
  };
  const names = new Map(environments.data?.items.map((environment) => [environment.id, environment.name]));
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>API tokens</h1>
          <p class="sub">What a Prometheus or a script signs in with. A token is shown once and stored as a hash.</p>
        </div>
      </div>
      <ErrorNote error={error ?? tokens.error} />
      {created && <NewToken {...created} />}
      <form class="card row" onSubmit={submit} style={{ marginBottom: '16px', alignItems: 'flex-end' }}>
        <label class="field">
          Name
          <input name="name" required maxLength={100} placeholder="prometheus-eu" />
        </label>
        <label class="field">
          May
          <select name="permission">
            {CHOICES.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          In
          <select name="environmentId">
            <option value={NEW_ENVIRONMENT}>a new environment of this name</option>
            {environments.data?.items.map((environment) => (
              <option key={environment.id} value={environment.id}>
                {environment.name}
              </option>
            ))}
            <option value="">all environments</option>
          </select>
        </label>
        <button class="primary" type="submit">
          Create token
        </button>
      </form>
      {!tokens.data && tokens.loading && <Loading />}
      {tokens.data && tokens.data.items.length > 0 && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th>May</th>
                <th>Environment</th>
                <th>Created</th>
                <th>Last used</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {tokens.data.items.map((token) => (
                <tr key={token.id}>
                  <td>{token.name}</td>
                  <td class="mono">{token.permissions.join(', ')}</td>
                  <td>{token.environmentId ? (names.get(token.environmentId) ?? token.environmentId) : 'all'}</td>
                  <td>
                    <Time at={token.createdAt} date />
                  </td>
                  <td>{token.lastUsedAt ? <Age at={token.lastUsedAt} /> : 'never'}</td>
                  <td>
                    <button
                      onClick={() => {
                        if (!confirm(`Revoke "${token.name}"? What uses it stops working at once.`)) return;
                        remove(`api-tokens/${token.id}`).then(tokens.reload, (failure: Error) => setError(failure));
                      }}
                    >
                      Revoke
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function NewToken(props: { token: string; permission: string }) {
  const snippet = [
    'remote_write:',
    `  - url: ${location.origin}/api/v1/write`,
    '    authorization:',
    `      credentials: ${props.token}`,
  ].join('\n');
  return (
    <div class="card" style={{ marginBottom: '16px' }}>
      <h2>Copy it now: it is not shown again</h2>
      <pre>{props.token}</pre>
      {props.permission === 'telemetry:write' && (
        <>
          <p class="sub">In prometheus.yml, for remote write:</p>
          <pre>{snippet}</pre>
        </>
      )}
      <button style={{ marginTop: '10px' }} onClick={() => void navigator.clipboard.writeText(props.token)}>
        Copy token
      </button>
    </div>
  );
}
