// The options of sinks: what each takes at its bounds, and what it refuses, without repeating a value.
import { expect } from 'chai';
import { fileSink } from '../../../src/audit/sinks/file-sink.js';
import { readSinkOptions, type SinkOptionReader } from '../../../src/audit/sinks/sink-options.js';
import { syslogSink } from '../../../src/audit/sinks/syslog-sink.js';
import { webhookSink } from '../../../src/audit/sinks/webhook-sink.js';

const makes: { [name: string]: (options: object) => { name: string; batchSize?: number } } = {
  fileSink: (options) => fileSink({ path: '/var/log/audit.jsonl', ...options }),
  syslogSink: (options) => syslogSink({ host: 'siem.example', ...options }),
  webhookSink: (options) => webhookSink({ url: 'https://siem.example/', secrets: ['s'.repeat(32)], ...options }),
};

/** What every sink takes, and what none does. */
const shared: [option: string, taken: unknown[], refused: unknown[], wanted: string][] = [
  [
    'name',
    [undefined, 'a', 'A.b:c_d-9', 'x'.repeat(64)],
    ['', 'x'.repeat(65), 'a b', ' a', 'a ', 'a/b', 5, null],
    'a name of letters, digits and ._:- (at most 64)',
  ],
  ['appName', [undefined, 'Acme Bank', 'é'], ['', 'a\nb', 'a\u0085', 5, null], 'the name of the app'],
  ['format', [undefined, null, 'json', 'ecs', 'ocsf', 'cef'], ['', 'xml', 5], 'one of json, ecs, ocsf, cef'],
  ['ocsfVersion', [undefined, null, '1.8', '1.9'], ['', '2.0', 1.8], 'one of 1.8, 1.9'],
];

const own: { [name: string]: typeof shared } = {
  fileSink: [['path', ['x', '/a b/ü'], ['', 'a\0b', undefined, 5], 'the path of a file']],
  syslogSink: [
    ['host', ['a', '::1'], ['', 'a\nb', undefined, 5], 'a host name or an address'],
    ['port', [undefined, null, 1, 65_535], [0, 65_536, 1.5, '514', NaN], 'a whole number from 1 to 65535'],
    ['timeoutMs', [undefined, 50, 120_000], [49, 120_001, '60'], 'a whole number from 50 to 120000'],
    ['maxBytes', [undefined, 480, 65_000], [479, 65_001, '900'], 'a whole number from 480 to 65000'],
    ['transport', [undefined, 'tls', 'tcp', 'udp'], ['', 'http', 5], 'one of tls, tcp, udp'],
    ['framing', [undefined, 'octet-counting', 'newline'], ['', 'lines'], 'one of octet-counting, newline'],
    ['hostname', [undefined, 'web-1'], ['', 'a\nb', 5], 'a host name'],
    ['servername', [undefined, 'siem.example'], ['', 5], 'a host name'],
    ['caFile', [undefined, '/ca.pem'], ['', 5], 'the path of a PEM file'],
  ],
  webhookSink: [
    [
      'url',
      ['https://siem.example/a?b=c', 'https://10.0.0.1:8443/', 'http://localhost/', 'http://LOCALHOST:8080/']
        .concat(['http://127.0.0.1/', 'http://127.100.100.100/', 'http://[::1]:8080/'])
        .map(String),
      [
        ...[undefined, 5, '', '/audit', 'siem.example', 'http://siem.example/', 'ftp://localhost/', 'ws://127.0.0.1/'],
        ...[
          'http://notlocalhost/',
          'http://localhost.siem.example/',
          'http://127.0.0.1.siem.example/',
          'http://128.0.0.1/',
        ],
        ...['http://[::2]/', 'https://u@siem.example/', 'https://:p@siem.example/', 'http://u:p@localhost/'],
      ],
      'an https address without credentials (http only on this machine)',
    ],
    [
      'secrets',
      [['s'.repeat(32)], [`whsec_${Buffer.alloc(24).toString('base64')}`, 't'.repeat(40)]],
      [undefined, 's'.repeat(32), [], ['s'.repeat(31)], [undefined], ['s'.repeat(32), undefined], { length: 1 }],
      'a list of whsec_… or of at least 32 characters each',
    ],
    [
      'headers',
      [undefined, {}, { 'X_a-1': '' }, { 'x-b': ' ~' }, { 'x-content-type': 'a', 'content-type-x': 'a' }].concat([
        { hosts: 'a', 'x-host': 'a', 'x-webhook-id': 'a', webhook: 'a' },
      ] as never[]),
      [
        ...[null, 5, 'x-a: b', { 'x a': 'b' }, { ' x': 'b' }, { 'x ': 'b' }, { '': 'b' }, { 'x:': 'b' }, { é: 'b' }],
        ...[
          { 'x-a': 5 },
          { 'x-a': undefined },
          { 'x-a': 'a\r\nb: c' },
          { 'x-a': '\x7f' },
          { 'x-a': 'é' },
          { 'x-a': '\ta' },
        ],
        ...[{ 'Content-Type': 'a' }, { 'content-length': '1' }, { Host: 'a' }, { 'user-agent': 'a' }],
        ...[{ 'transfer-encoding': 'a' }, { Connection: 'a' }, { 'webhook-': 'a' }, { 'Webhook-Id': 'a' }],
        { 'x-a': 'fits', 'x-b': 5 },
      ],
      'names and printable values, none of our own',
    ],
    ['timeoutMs', [undefined, 50, 120_000], [49, 120_001, '60'], 'a whole number from 50 to 120000'],
    ['batchSize', [undefined, 1, 1000], [0, 1001, 1.5], 'a whole number from 1 to 1000'],
    ['allowPrivateAddresses', [undefined, null, true, false], ['yes', 1], 'true or false'],
  ],
};

for (const [sink, make] of Object.entries(makes))
  describe(sink, () => {
    for (const [option, taken, refused, wanted] of [...shared, ...(own[sink] ?? [])])
      it(`takes for ${option} ${wanted}, and nothing else`, () => {
        for (const value of taken) make({ [option]: value });
        for (const value of refused) {
          const isEmpty = value === undefined || value === null || value === '';
          const received = isEmpty ? JSON.stringify(value ?? null) : typeof value;
          const words = `${sink}: ${option} must be ${wanted}; received ${received}.`;
          expect(() => make({ [option]: value }), JSON.stringify(value))
            .to.throw(words)
            .with.property('code', 'config.invalid_option');
        }
      });

    it('is named by its kind unless it is told otherwise', () => {
      expect(make({}).name).to.equal(sink.replace('Sink', ''));
      expect(make({ name: 'second' }).name).to.equal('second');
    });
  });

describe('syslogSink', () => {
  it('takes a certificate and its key together, or neither', () => {
    const [certFile, keyFile] = ['/cert.pem', '/key.pem'];
    for (const value of ['', 5]) {
      expect(() => makes.syslogSink?.({ certFile: value, keyFile })).to.throw(
        'certFile must be the path of a PEM file',
      );
      expect(() => makes.syslogSink?.({ certFile, keyFile: value })).to.throw('keyFile must be the path of a PEM file');
    }
    expect(() => makes.syslogSink?.({ certFile })).to.throw('keyFile must be given with certFile; received null');
    expect(() => makes.syslogSink?.({ keyFile })).to.throw('keyFile must be given with certFile; received string');
    makes.syslogSink?.({ certFile, keyFile });
  });
});

describe('the options of a sink', () => {
  const reader = (options: object): SinkOptionReader =>
    readSinkOptions('catSink', options, ['food', 'bowls', 'hungry']);

  it('are read as they stand, or as the default says', () => {
    const given = reader({ food: 'fish', bowls: 3, hungry: true });
    expect(given.text('food', 'food')).to.equal('fish');
    expect(given.optionalText('food', 'food', /^f/)).to.equal('fish');
    expect(given.oneOf('food', ['meat', 'fish'], 'meat')).to.equal('fish');
    expect([given.whole('bowls', 1, 9, 5), given.flag('hungry')]).to.deep.equal([3, true]);
    const none = reader({});
    expect(none.optionalText('food', 'food')).to.equal(undefined);
    expect(none.oneOf('food', ['meat', 'fish'], 'meat')).to.equal('meat');
    expect([none.whole('bowls', 1, 9, 5), none.flag('hungry')]).to.deep.equal([5, false]);
    expect(() => given.text('food', 'meat', /^m/)).to.throw('catSink: food must be meat; received string.');
  });

  it('are refused where the sink does not have them', () => {
    expect(() => reader({ foot: 1 })).to.throw('catSink: there is no option `foot`. Did you mean `food`?');
  });
});
