// Every page by night.
import { looksIn } from './page-looks.js';

describe('every page, dark,', () => looksIn('dark'));
