// Starts the page.

import { createRoot } from 'react-dom/client';
import '@fontsource/dejavu-mono/400.css';
import '@fontsource/dejavu-mono/400-italic.css';
import '@fontsource/dejavu-mono/700.css';
import '@fontsource/dejavu-mono/700-italic.css';
import './ui/theme.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/frame.css';
import './sources/sources.css';
import { openApi } from './api.ts';
import { App } from './app.tsx';

const { api, lost } = openApi();
createRoot(document.getElementById('root')!).render(<App api={api} lost={lost} />);
