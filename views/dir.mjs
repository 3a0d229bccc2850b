// Where the templates, catalogues, public files and the OpenAPI document stand, for code that is loaded with `import`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const viewsDir = dirname(fileURLToPath(import.meta.url));
export const localesDir = join(viewsDir, 'locales');
export const openApiFile = join(viewsDir, '..', 'docs', 'openapi.json');
