// Lets StrykerJS find files of mocha 12 that end in `.cjs`, which it asks for without an ending.
const { Module } = require('node:module');
Module._extensions['.cjs'] ??= Module._extensions['.js'];
