// Where the templates, catalogues and public files stand, for code that is loaded with `import`.
import { fileURLToPath } from 'node:url';

export const viewsDir = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');
