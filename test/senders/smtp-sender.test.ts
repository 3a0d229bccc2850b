// The sender over SMTP against a mail server of the tests: what arrives, and what is said of a server that refuses,
// is silent, or cannot be trusted.
import { expect } from 'chai';
import type { SmtpSender } from '../../src/senders/smtp-sender.js';
import { smtpSender } from '../../src/senders/smtp-sender.js';
import type { SmtpOptions } from '../../src/senders/smtp-settings.js';
import { senderContract } from '../../src/testing/sender-contract.js';
import { expectDiscretion, failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { MailServer } from '../support/smtp.js';
import {
  certificate,
  smtpPassword,
  smtpUser,
  startOddServer,
  startMailServer,
  startSilentServer,
} from '../support/smtp.js';
import { printedWhere } from '../support/another-package.js';

const from = 'Acme Söhne <no-reply@acme.example>';

function options(port: number, over: Partial<SmtpOptions> = {}): SmtpOptions {
  const auth = { user: smtpUser, pass: smtpPassword };
  return { from, host: 'localhost', port, auth, tls: { ca: certificate().cert }, ...over };
}

senderContract('smtpSender', async ({ timeoutMs }) => {
  const server = await startMailServer();
  const silent = await startSilentServer();
  const sender = smtpSender(options(server.port, { timeoutMs }));
  const unanswered = smtpSender(options(silent.port, { timeoutMs }));
  let current: SmtpSender = sender;
  return {
    sender: { channel: 'email', name: 'smtp', send: (message) => current.send(message) },
    delivered: () => server.mails.map((mail) => ({ to: mail.to.join(), text: mail.text })),
    provider: (mood) => {
      if (mood === 'hang') current = unanswered;
      else if (mood === 'refuse')
        server.refuse = { at: 'recipient', code: 550, told: 'No such user alice.o+mfa@example.com' };
      else server.refuse = { at: 'recipient', code: 450, told: '4.2.1 alice.o+mfa@example.com receives mail too fast' };
    },
    secrets: [smtpPassword],
    close: async () => {
      await sender.close();
      await unanswered.close();
      await server.close();
      await silent.close();
    },
  };
});

describe('smtpSender', () => {
  let server: MailServer;
  let open: SmtpSender[];
  const make = (over: Partial<SmtpOptions> = {}, port = server.port): SmtpSender => {
    const sender = smtpSender(options(port, over));
    open.push(sender);
    return sender;
  };
  beforeEach(async () => {
    open = [];
    server = await startMailServer();
  });
  afterEach(async () => {
    await Promise.all(open.map((sender) => sender.close()));
    await server.close();
  });

  it('delivers both parts, the subject and the headers of an automatic message, signed in and encrypted', async () => {
    const message = sampleMessage('email', { subject: 'Ihr Code für Acme – gültig: 10 Minuten' });
    await make({ replyTo: 'help@acme.example' }).send(message);
    const [mail] = server.mails;
    expect(mail).to.include({ from: 'no-reply@acme.example', user: smtpUser, encrypted: true });
    expect(mail).to.include({ subject: message.subject, text: message.text, html: message.html });
    expect(mail?.to).to.deep.equal([message.to]);
    expect(mail?.headers.to).to.equal(message.to);
    expect(mail?.headers.from).to.match(/^=\?UTF-8\?.*\?= <no-reply@acme\.example>$/);
    expect(mail?.headers['reply-to']).to.equal('help@acme.example');
    expect(mail?.headers['auto-submitted']).to.equal('auto-generated');
    expect(mail?.headers['content-type']).to.match(/^multipart\/alternative/);
    expect(Date.parse(mail?.headers.date ?? '')).to.be.closeTo(Date.now(), 60_000);
    expect(mail?.headers['message-id']).to.match(/^<[^@<>]+@acme\.example>$/);
  });

  it('sends one part where there is no HTML, and the name of the app where there is no subject', async () => {
    await make().send({ ...sampleMessage('email'), html: undefined, subject: undefined } as never);
    expect(server.mails[0]).to.include({ subject: 'Acme', html: undefined });
    expect(server.mails[0]?.headers['content-type']).to.match(/^text\/plain/);
  });

  it('cannot be made to write another header by a subject', async () => {
    await make().send(sampleMessage('email', { subject: 'Code\r\nBcc: mallory@example.com\r\n\r\n<b>Hi</b>' }));
    expect(server.mails[0]?.to).to.deep.equal([sampleMessage('email').to]);
    expect(server.mails[0]?.subject).to.equal('Code Bcc: mallory@example.com <b>Hi</b>');
    expect(server.mails[0]?.headers).not.to.have.property('bcc');
  });

  it('speaks TLS from the first octet, from a transport address as well', async () => {
    const secure = await startMailServer({ secure: true });
    await make({ secure: true }, secure.port).send(sampleMessage('email'));
    const credentials = `${encodeURIComponent(smtpUser)}:${smtpPassword}`;
    const transport = `smtps://${credentials}@localhost:${secure.port}`;
    const byAddress = smtpSender({ from, transport, tls: { ca: certificate().cert } });
    await byAddress.send(sampleMessage('email'));
    await Promise.all([...open, byAddress].map((sender) => sender.close()));
    await secure.close();
    expect(secure.mails.map(({ encrypted, user }) => [encrypted, user])).to.deep.equal(Array(2).fill([true, smtpUser]));
  });

  it('signs in by OAuth 2', async () => {
    await make({ auth: { type: 'OAuth2', user: smtpUser, accessToken: smtpPassword } }).send(sampleMessage('email'));
    expect(server.mails[0]?.user).to.equal(smtpUser);
  });

  it('keeps its connection, and makes another when the server closed it', async () => {
    const hasty = await startMailServer();
    const sender = make({}, hasty.port);
    await sender.send(sampleMessage('email'));
    await sender.send(sampleMessage('email'));
    expect(hasty.connections()).to.equal(1);
    hasty.hangUp();
    // The end of the connection comes through the event loop that this waits on too.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await sender.send(sampleMessage('email'));
    await hasty.close();
    expect(hasty.connections()).to.equal(2);
    expect(hasty.mails).to.have.lengthOf(3);
  });

  const sending = `
    const { smtpSender } = await import('./src/senders/smtp-sender.ts');
    const sender = smtpSender({ from: 'a@acme.example', host: 'localhost' });
    const tell = ({ code, message, details }) => console.log(code, message, 'definite:', details.definite);
    await sender.send({ to: 'b@acme.example', text: '' }).catch(tell);`;

  it('says what to install where nodemailer is missing', () => {
    expect(printedWhere('nodemailer', sending)).to.match(
      /^connector\.send_failed .*npm install nodemailer definite: true/,
    );
  });

  it('says what is too old where nodemailer is, closes it again, and sends nothing', () => {
    const old = `export const createTransport = () => ({
      transporter: { version: '4.7.0[client:4.7.0]' },
      close: () => console.log('closed'),
      sendMail: async () => console.log('sent'),
    });`;
    expect(printedWhere('nodemailer', sending, old)).to.equal(
      'closed\nconnector.send_failed smtp: nodemailer 4.7.0 is installed, and 6 or later is needed; nothing was sent. ' +
        'Install it: npm install nodemailer definite: true\n',
    );
  });

  it('sends neither password nor code to a server whose certificate it cannot trust', async () => {
    const error = await failure(make({ tls: {} }).send(sampleMessage('email')));
    expect(error.code).to.equal('connector.send_failed');
    expect(error.details.definite).to.equal(true);
    expect(server.mails).to.deep.equal([]);
  });

  it('sends neither password nor code to a server from which STARTTLS was stripped', async () => {
    const stripped = await startMailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const error = await failure(make({ requireTls: true }, stripped.port).send(sampleMessage('email')));
    await stripped.close();
    expect(error.code).to.equal('connector.send_failed');
    expect(error.details.definite).to.equal(true);
    expect(stripped.mails).to.deep.equal([]);
  });

  it('reports a wrong password as a definite refusal and does not repeat it', async () => {
    const message = sampleMessage('email');
    const error = await failure(make({ auth: { user: smtpUser, pass: 'a-wrong-password' } }).send(message));
    expect(error.code).to.equal('connector.send_failed');
    expect(error.message).to.include('535');
    expect(error.details.definite).to.equal(true);
    expectDiscretion(error, message, ['a-wrong-password', Buffer.from('a-wrong-password').toString('base64')]);
  });

  for (const [at, code, told, expected] of [
    ['connect', 421, '4.7.0 Too many connections', 'connector.rate_limit_exceeded'],
    ['mail', 450, '4.7.1 Try later', 'connector.rate_limit_exceeded'],
    ['mail', 451, '4.7.1 Daily quota exceeded', 'connector.rate_limit_exceeded'],
    ['mail', 451, '4.3.0 Error in operation', 'connector.send_failed'],
    ['recipient', 452, '4.5.3 Too many recipients', 'connector.rate_limit_exceeded'],
    ['recipient', 550, '5.1.1 No such user', 'connector.send_failed'],
    ['recipient', 553, '5.1.3 Bad address', 'connector.send_failed'],
    ['data', 454, 'Throttling failure: Maximum sending rate exceeded.', 'connector.rate_limit_exceeded'],
    ['data', 554, '5.7.1 Looks like spam', 'connector.send_failed'],
    ['connect', 554, '5.7.1 Your address is listed', 'connector.send_failed'],
  ] as const) {
    it(`reads ${code} ${told} (${at}) as ${expected}`, async () => {
      server.refuse = { at, code, told };
      const sender = make();
      const error = await failure(sender.send(sampleMessage('email')));
      expect(error.code).to.equal(expected);
      expect(error.details.definite).to.equal(true);
      expect((error.cause as Error).message).to.include(told);
      server.refuse = undefined;
      await sender.send(sampleMessage('email'));
      expect(server.mails).to.have.lengthOf(1);
    });
  }

  it('gives up in time on a server that greets and then says nothing', async () => {
    const silent = await startSilentServer('220 mail.example ESMTP');
    const error = await failure(make({ timeoutMs: 300 }, silent.port).send(sampleMessage('email')));
    await silent.close();
    expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', false]);
  });

  it('gives up in time on a server that answers everything, but slowly', async () => {
    const slow = await startOddServer({ delayMs: 200 });
    const error = await failure(
      make({ timeoutMs: 400, auth: undefined } as never, slow.port).send(sampleMessage('email')),
    );
    expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', false]);
    expect(error.message).to.equal('smtp: no answer within 400 ms.');
    await slow.close();
  });

  it('connects once more when a server drops the connection before a word', async () => {
    const busy = await startOddServer({ drops: 1 });
    const sender = smtpSender({ from, host: 'localhost', port: busy.port });
    await sender.send(sampleMessage('email'));
    await Promise.all([sender.close(), busy.close()]);
    expect(busy.taken).to.equal(1);
  });

  it('does not know whether a message went out after which the connection broke', async () => {
    const breaking = await startOddServer({ breaks: true });
    const sender = smtpSender({ from, host: 'localhost', port: breaking.port });
    const error = await failure(sender.send(sampleMessage('email')));
    await Promise.all([sender.close(), breaking.close()]);
    expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', false]);
    expect(error.message).to.include('the connection broke');
  });

  it('knows that nothing went out when nobody listens or the name does not exist', async () => {
    const { port, close } = await startSilentServer();
    await close();
    for (const over of [{}, { host: 'no-such-host.invalid' }]) {
      const error = await failure(make(over, port).send(sampleMessage('email')));
      expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', true]);
    }
  });
});
