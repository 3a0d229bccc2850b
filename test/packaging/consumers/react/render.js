// Renders every component on a server, and tells by which React and what came of it.
import { createElement, StrictMode, version } from 'react';
import { renderToString } from 'react-dom/server';
import { Everything } from './built/everything.js';

const html = renderToString(createElement(StrictMode, null, createElement(Everything)));
console.log(JSON.stringify({ version, window: typeof window, html }));
