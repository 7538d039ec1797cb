import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/components.css';
import './styles/detection.css';
import { App } from './app';
import { applyTheme } from './lib/preferences';

applyTheme();
const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
root.textContent = '';
render(<App />, root);
