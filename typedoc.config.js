// The API reference, `npm run docs:api`: every entry that package.json exports. What is public and has no docstring,
// and a link that leads nowhere, fail it.
import { readFileSync } from 'node:fs';
import { Converter } from 'typedoc';

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Small types that have no page of their own: they are spelled out where they are used. */
const spelledOut = [
  ...['Activity', 'AdoptedSecret', 'Algorithm', 'Attempts', 'AwsCredentials', 'AwsCredentialsOption', 'ByAdmin'],
  ...['Ceremony', 'Channel', 'CodeOptions', 'DemandOptions', 'Digits', 'FileWords', 'Happened', 'Hint', 'Imported'],
  ...['KnownBrowser', 'Loaded', 'Mailbox', 'Next', 'OutboxMessage', 'Reason', 'RequestHints', 'SealedFor'],
  ...['SealedValue', 'SmtpSender', 'State', 'StoreExamination', 'Strength', 'Template', 'TrustedBrowser', 'Usage'],
  ...['ActivityRow', 'DescribedUser', 'Further', 'ReadMfaOptions'],
  // Of the browser client, the components and the table of routes.
  ...['Act', 'Codes', 'Done', 'GoOn', 'Params'],
  ...['CreateCeremony', 'Deliveries', 'GetCeremony', 'MakeBench', 'Window'],
  ...['ActivityLog', 'AddressDigest', 'Claimed', 'EndSessions', 'EndSignIns', 'RecordMac', 'Scanned', 'SealedText'],
  ...[
    'BySource',
    'Exemption',
    'ExemptUntil',
    'ForgetUpstream',
    'UpstreamLink',
    'Vouched',
    'Help',
    'Hold',
    'Id',
    'IssuedPass',
    'PassFor',
    'Rank',
    'AdminTold',
    'Answer',
    'HostRequest',
    'Saving',
    'StoreMigrations',
    'SuspensionSource',
  ],
];

/** Shapes that nobody but ours and a browser looks into. */
const opaque = [
  ...['MfaCore', 'CodeFactor', 'WebauthnFactor', 'Confirmation', 'ConfirmationEvidence', 'EnrollmentEvidence'],
  ...['Evidence', 'TypedCode'],
  ...['RegistrationResponseJSON', 'AuthenticationResponseJSON', 'CreationOptionsJSON', 'RequestOptionsJSON'],
  'SoftCredential',
];

/** Methods that others have made and described: those of ioredis, supertest, test runners and ObjectId. */
const theirs = [
  ...[
    'eval',
    'get',
    'set',
    'scan',
    'config',
    'info',
    'pipeline',
    'pipeline.__type.exec',
    'duplicate',
    'disconnect',
  ].map((name) => `index.RedisClient.${name}`),
  ...[
    ...['sendCommand', 'withTypeMapping'].map((name) => `index.NodeRedisClient.${name}`),
    'index.RedisClient.on',
    'index.RedisClient.off',
    'index.User.__type.id.__type.toHexString',
    'admin.Admin.id.__type.toHexString',
  ],
  ...[
    'TestAgent.get',
    'TestAgent.post',
    'TestRequest.set',
    'TestRequest.send',
    'TestRunner.describe',
    'TestRunner.it',
  ].map((name) => `testing.${name}`),
];

function spellOut(app) {
  app.converter.on(Converter.EVENT_BEGIN, (context) => spelledOut.forEach((name) => context.inlineType.add(name)));
}

export default {
  entryPoints: Object.values(exports)
    .map((entry) => (entry.import ?? entry).types)
    .filter((types) => types !== undefined)
    .map((types) =>
      types
        .replace(/^\.\/dist\/(esm\/|browser(?=\/))/, (_, kind) => (kind === 'esm/' ? '' : 'src'))
        .replace(/\.d\.ts$/, '.ts'),
    ),
  tsconfig: 'tsconfig.docs.json',
  out: 'docs/api',
  plugin: [spellOut],
  name: 'express-mfa',
  readme: 'none',
  excludeInternal: true,
  // Lines in a repository are those of one day; a release is looked up by its names.
  disableSources: true,
  requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable'],
  intentionallyNotExported: opaque,
  intentionallyNotDocumented: theirs,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
