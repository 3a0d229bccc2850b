// Samples of senders, each with its provider on this machine: what is missing, what names two recipients, and a provider
// in trouble. Nothing is sent twice, to somebody else or without a key, and no error tells code, address or key.
import { expect } from 'chai';
import * as api from '../../../src/index.js';
import type { Message, Sender } from '../../../src/index.js';
import { badRecipients, expectDiscretion, failure, sampleMessage } from '../../../src/testing/sender-samples.js';
import { inEnvironment } from '../../support/environment.js';
import { awsKeys, awsSession } from '../../support/providers/aws.js';
import { mailgun, mailgunKey } from '../../support/providers/mailgun.js';
import { startProvider, type Dialect, type ProviderServer } from '../../support/providers/provider-server.js';
import { sendGrid, sendGridKey } from '../../support/providers/sendgrid.js';
import { ses, sesRegion } from '../../support/providers/ses.js';
import { smsAero, smsAeroEmail, smsAeroKey } from '../../support/providers/sms-aero.js';
import { sns, snsRegion } from '../../support/providers/sns.js';
import { twilio, twilioAccount, twilioToken } from '../../support/providers/twilio.js';
import { vonage, vonageKey, vonageSecret } from '../../support/providers/vonage.js';
import { webhook, webhookSecret } from '../../support/providers/webhook.js';
import { certificate, smtpPassword, smtpUser, startMailServer } from '../../support/smtp.js';
import type { Block } from '../markdown.js';
import { paste, type Names } from '../pasted.js';
import type { Line } from '../sample-attacks.js';

type Maker = (options: { [name: string]: unknown }) => Sender;
const makers = api as unknown as { [name: string]: Maker };
type Env = { [name: string]: string };

/** The sample's sender, with `given` in place of what of its options leads out of this machine. */
async function senderOf(block: Block, env: Env, given: { [maker: string]: Names }): Promise<Sender> {
  const redirected = Object.entries(given).map(([name, over]): [string, Maker] => [
    name,
    (options) => makers[name]!({ ...options, ...over }),
  ]);
  const modules = { 'express-mfa': { ...api, ...Object.fromEntries(redirected) } };
  return (await paste(block, { process: { env } }, modules))['sender'] as Sender;
}

/** With a key that is missing, as where an environment variable is not set. */
async function wantsEach(block: Block, env: Env, needed: readonly string[]): Promise<void> {
  for (const name of needed)
    for (const value of [undefined, '']) {
      const made = senderOf(block, { ...env, [name]: value as string }, {});
      const error = await made.then(
        () => undefined,
        (thrown: unknown) => thrown as { code?: string; message: string },
      );
      expect(error?.code, name).to.be.oneOf(['config.invalid_option', 'config.secret_too_short']);
      for (const secret of Object.values(env)) expect(error?.message).not.to.include(secret);
    }
}

async function sendsToNobodyElse(sender: Sender, { requests }: Pick<ProviderServer, 'requests'>): Promise<void> {
  const before = requests.length;
  for (const to of badRecipients[sender.channel]) await failure(sender.send(sampleMessage(sender.channel, { to })));
  expect(requests.length).to.equal(before);
}

async function tellsNothing(sender: Sender, server: ProviderServer, secrets: readonly string[]): Promise<void> {
  const message = sampleMessage(sender.channel);
  const arrived = server.delivered.length;
  for (const mood of ['refuse', 'throttle', 'fail', 'reset'] as const) {
    server.mood = mood;
    const error = await failure(sender.send(message));
    expect(error.code).to.match(/^connector\./);
    expectDiscretion(error, message, secrets);
  }
  server.mood = 'ok';
  expect(server.delivered).to.have.length(arrived);
}

type Provider = {
  maker: string;
  dialect: () => Dialect;
  env: Env;
  secrets: readonly string[];
  /** What is not needed: a session token. */
  optional?: readonly string[];
  over?: Names | ((server: ProviderServer) => Names);
};

async function holdsWith(block: Block, { maker, dialect, env, secrets, optional = [], over }: Provider): Promise<void> {
  await wantsEach(
    block,
    env,
    Object.keys(env).filter((name) => !optional.includes(name)),
  );
  const server = await startProvider(dialect());
  const given = typeof over === 'function' ? over(server) : { baseUrl: server.url, ...over };
  const sender = await senderOf(block, env, { [maker]: given });
  const message: Message = sampleMessage(sender.channel);
  await sender.send(message);
  expect(server.delivered.map(({ to }) => to)).to.deep.equal([message.to]);
  await sendsToNobodyElse(sender, server);
  await tellsNothing(sender, server, secrets);
  await server.close();
}

const attack = 'a key that is missing, two recipients in one, a provider that refuses, throttles, fails and breaks off';
const aws = {
  AWS_ACCESS_KEY_ID: awsKeys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: awsKeys.secretAccessKey,
  AWS_SESSION_TOKEN: awsSession,
};
const awsSecrets = [awsKeys.secretAccessKey, awsSession];
const ofUrl = (path: string) => (server: ProviderServer) => ({ url: `${server.url}${path}` });

const provider = (page: string, heading: string, given: Provider): Line => ({
  page: `docs/senders/${page}.md`,
  heading,
  attack,
  once: true,
  holds: (block) => holdsWith(block, given),
});

export const senders: Line[] = [
  provider('twilio', 'SMS by Twilio', {
    maker: 'twilioSender',
    dialect: twilio,
    env: { TWILIO_ACCOUNT_SID: twilioAccount, TWILIO_AUTH_TOKEN: twilioToken },
    secrets: [twilioToken],
  }),
  provider('vonage', 'SMS by Vonage', {
    maker: 'vonageSender',
    dialect: vonage,
    env: { VONAGE_API_KEY: vonageKey, VONAGE_API_SECRET: vonageSecret },
    secrets: [vonageSecret],
  }),
  provider('sns', 'SMS by Amazon SNS', {
    maker: 'snsSender',
    dialect: sns,
    env: aws,
    secrets: awsSecrets,
    optional: ['AWS_SESSION_TOKEN'],
    over: { region: snsRegion },
  }),
  provider('sms-aero', 'SMS by SMS Aero', {
    maker: 'smsAeroSender',
    dialect: smsAero,
    env: { SMSAERO_EMAIL: smsAeroEmail, SMSAERO_API_KEY: smsAeroKey },
    secrets: [smsAeroKey],
  }),
  provider('ses', 'E-mail by Amazon SES', {
    maker: 'sesSender',
    dialect: ses,
    env: aws,
    secrets: awsSecrets,
    optional: ['AWS_SESSION_TOKEN'],
    over: { region: sesRegion },
  }),
  provider('sendgrid', 'E-mail by SendGrid', {
    maker: 'sendGridSender',
    dialect: sendGrid,
    env: { SENDGRID_API_KEY: sendGridKey },
    secrets: [sendGridKey],
  }),
  provider('mailgun', 'E-mail by Mailgun', {
    maker: 'mailgunSender',
    dialect: mailgun,
    env: { MAILGUN_API_KEY: mailgunKey },
    secrets: [mailgunKey],
  }),
  provider('http-email', 'E-mail by a service of your own', {
    maker: 'httpEmailSender',
    dialect: () => webhook('email'),
    env: { MESSAGES_SECRET: webhookSecret },
    secrets: [webhookSecret],
    over: ofUrl('/mfa/email'),
  }),
  provider('http-sms', 'SMS by a service of your own', {
    maker: 'httpSmsSender',
    dialect: () => webhook('sms'),
    env: { MESSAGES_SECRET: webhookSecret },
    secrets: [webhookSecret],
    over: ofUrl('/mfa/sms'),
  }),
  {
    page: 'docs/senders/smtp.md',
    heading: 'E-mail over SMTP',
    attack: 'a password that is missing, two recipients in one, STARTTLS stripped, a certificate of somebody else',
    once: true,
    async holds(block) {
      const env = { SMTP_USER: smtpUser, SMTP_PASSWORD: smtpPassword };
      await wantsEach(block, env, Object.keys(env));
      const server = await startMailServer();
      const stripped = await startMailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
      // By the name that `requireTls` goes by, and the address of this machine, as a name server would give it.
      const at = async (port: number, tls: object) =>
        (await senderOf(block, env, {
          smtpSender: { host: 'localhost', requireTls: true, port, tls },
        })) as Sender & { close(): Promise<void> };
      const ca = certificate().cert;
      const senders = await Promise.all([at(server.port, { ca }), at(server.port, {}), at(stripped.port, { ca })]);
      const [right, ...betrayed] = senders;
      const message = sampleMessage('email');
      await right.send(message);
      for (const to of badRecipients.email) await failure(right.send(sampleMessage('email', { to })));
      expect(server.mails.map(({ to, encrypted }) => [to, encrypted])).to.deep.equal([[[message.to], true]]);
      for (const sender of betrayed) expectDiscretion(await failure(sender.send(message)), message, [smtpPassword]);
      expect([server.mails.length, stripped.mails.length]).to.deep.equal([1, 0]);
      await Promise.all([...senders.map((sender) => sender.close()), server.close(), stripped.close()]);
    },
  },
  {
    page: 'docs/senders/fallback.md',
    heading: 'Fail-over',
    attack: 'the first provider in every kind of trouble, then both',
    once: true,
    async holds(block) {
      const first = await startProvider(twilio());
      const second = await startProvider(vonage());
      const env = {
        ...{ TWILIO_ACCOUNT_SID: twilioAccount, TWILIO_AUTH_TOKEN: twilioToken },
        ...{ VONAGE_API_KEY: vonageKey, VONAGE_API_SECRET: vonageSecret },
      };
      await wantsEach(block, env, Object.keys(env));
      const over = { twilioSender: { baseUrl: first.url }, vonageSender: { baseUrl: second.url } };
      const sender = await senderOf(block, env, over);
      await sender.send(sampleMessage('sms'));
      expect([first.delivered.length, second.delivered.length]).to.deep.equal([1, 0]);
      for (const mood of ['refuse', 'throttle', 'fail', 'reset'] as const) {
        first.mood = mood;
        second.delivered.splice(0);
        await sender.send(sampleMessage('sms'));
        expect(second.delivered, mood).to.have.length(1);
      }
      const asked = first.requests.length + second.requests.length;
      for (const to of badRecipients.sms) await failure(sender.send(sampleMessage('sms', { to })));
      expect(first.requests.length + second.requests.length).to.equal(asked);
      await tellsNothing(sender, second, [twilioToken, vonageSecret]);
      await Promise.all([first.close(), second.close()]);
    },
  },
  ...(['console', 'outbox'] as const).map((name): Line => ({
    page: `docs/senders/${name}.md`,
    heading: name === 'console' ? 'Messages on the console' : 'Messages in memory',
    attack: 'production, where codes would stand in a log or in memory',
    once: true,
    async holds(block) {
      const { email, outbox } = await paste(block, { console: { log: () => undefined } }, { 'express-mfa': api });
      const sender = (email ?? outbox) as Sender;
      await inEnvironment('production', () => {
        const options = { appName: 'Acme', secrets: ['x'.repeat(32)], user: () => null, origin: 'https://a.example' };
        const store = { ...api.memoryStore(), name: 'redis' };
        const factors = [api.totp(), api.emailCode({ sender })];
        expect(() => api.createMfa({ ...options, store, factors }))
          .to.throw()
          .that.includes({ code: 'config.console_sender_in_production' });
      });
    },
  })),
];
