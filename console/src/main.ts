import { applyTheme } from './theme.js';
import './app.js';

applyTheme();
