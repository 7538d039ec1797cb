import type { Principal } from './api/types';
import { Empty, Loading } from './components/states';
import { TopBar } from './components/top-bar';
import { useRoute } from './lib/router';
import { useSession } from './lib/session';
import { EnvironmentSection } from './pages/environment-section';
import { EnvironmentsPage } from './pages/environments';
import { IncidentPage } from './pages/incident';
import { IncidentsPage } from './pages/incidents';
import { LoginPage } from './pages/login';
import { ModelsPage } from './pages/models';
import { RunPage } from './pages/run';
import { RunsPage } from './pages/runs';
import { SimulationPage } from './pages/simulation';
import { SimulationsPage } from './pages/simulations';
import { SystemPage } from './pages/system';
import { TokensPage } from './pages/tokens';

export function App() {
  const { session, signIn, signOut } = useSession();
  const route = useRoute();
  switch (session.state) {
    case 'checking':
      return (
        <main>
          <Loading />
        </main>
      );
    case 'unreachable':
      return (
        <main>
          <Empty title="The server does not answer">{session.error.message}</Empty>
        </main>
      );
    case 'out':
      return <LoginPage signIn={signIn} />;
    case 'in':
      return (
        <>
          <TopBar principal={session.principal} route={route} signOut={signOut} />
          <main>
            <CurrentPage route={route} principal={session.principal} />
          </main>
        </>
      );
  }
}

function CurrentPage(props: { route: readonly string[]; principal: Principal }) {
  const [section = 'environments', id] = props.route;
  if (section === 'environments')
    return id ? (
      <EnvironmentSection id={id} route={props.route.slice(2)} principal={props.principal} />
    ) : (
      <EnvironmentsPage />
    );
  if (section === 'incidents')
    return id ? <IncidentPage key={id} id={id} principal={props.principal} /> : <IncidentsPage />;
  if (section === 'simulations')
    return id ? (
      <SimulationPage key={id} id={id} principal={props.principal} />
    ) : (
      <SimulationsPage principal={props.principal} />
    );
  if (section === 'runs')
    return id ? <RunPage key={id} id={id} principal={props.principal} /> : <RunsPage principal={props.principal} />;
  if (section === 'models') return <ModelsPage principal={props.principal} />;
  if (section === 'tokens') return <TokensPage />;
  if (section === 'system') return <SystemPage principal={props.principal} />;
  return (
    <Empty title="There is no such page">
      <a href="#/environments">Go to the environments</a>
    </Empty>
  );
}
