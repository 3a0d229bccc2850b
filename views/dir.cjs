// Where the templates, catalogues and public files stand, for code that is loaded with `require`.
exports.viewsDir = __dirname;
