// One strict, type-aware rule set for the whole house; what is switched off only nags here. The rules that guard the
// rooms (who may import whom) are a test, test/architecture.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const names = (list) => Object.fromEntries(list.split(' ').map((name) => [name, 'readonly']));
const nodeGlobals = names(
  'Buffer URL URLSearchParams clearTimeout console fetch process setTimeout setInterval clearInterval AbortSignal __dirname exports module require',
);
const browserGlobals = names(
  'Blob Event FormData HTMLElement URL atob btoa clearInterval clearTimeout console document fetch history location navigator setInterval setTimeout window PublicKeyCredential Intl AbortController',
);

const unreliable = {
  'no-restricted-properties': [
    'error',
    {
      object: 'URL',
      property: 'canParse',
      message: 'Node.js 20 calls an address beyond ASCII none once it was asked often: use `urlOf` of core/words/url.',
    },
    {
      object: 'AbortSignal',
      property: 'any',
      message:
        'Node.js loses what it follows as it collects garbage, and nothing ends: use `withTimeLimit` of audit/time-limit.',
    },
  ],
};

const plainScripts = {
  ...unreliable,
  'no-undef': 'error',
  'no-unused-vars': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-fallthrough': 'error',
  'no-unreachable': 'error',
};

export default defineConfig(
  {
    ignores: [
      'dist/',
      'docs/api/',
      'output/',
      'coverage/',
      'node_modules/',
      'test/packaging/consumers/',
      'views/public/vendor/',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...unreliable,
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      // `type` for data, `interface` for what others implement: a choice the rule cannot see.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An implementation of an async interface method need not wait for anything.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, properties: false } },
      ],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // It asks for `!`, which no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Spreading a string into its code points is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'middleware/**/*.ts'],
    ignores: ['src/senders/console-sender.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    // Our own ports are closures without `this`; the stores and senders, which hold a host's client, stay checked.
    files: ['src/**/*.{ts,tsx}', 'middleware/**/*.ts'],
    ignores: ['src/stores/**', 'src/senders/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // Declaration merging into Express.Request is only possible through its namespace.
    files: ['middleware/**/*.ts'],
    rules: { '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'example-app/**/*.{ts,tsx}'],
    rules: {
      // chai: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // supertest answers with `any` bodies, and a test says at once when one is not what it took it for.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Suites and fixtures hand methods around as functions.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-param-reassign': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ignores: ['views/public/**', 'example-app/public/**'],
    languageOptions: { globals: nodeGlobals },
    rules: plainScripts,
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: ['{views,example-app}/public/**/*.js'],
    languageOptions: { globals: browserGlobals, sourceType: 'module' },
    rules: plainScripts,
  },
);
