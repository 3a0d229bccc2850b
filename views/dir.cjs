// Where the templates, catalogues, public files and the OpenAPI document stand, for code that is loaded with `require`. The
// build writes another for the package.
const { join } = require('node:path');

exports.viewsDir = __dirname;
exports.localesDir = join(__dirname, 'locales');
exports.openApiFile = join(__dirname, '..', 'docs', 'openapi.json');
