// Every page by day.
import { looksIn } from './page-looks.js';

describe('every page, light,', () => looksIn('light'));
