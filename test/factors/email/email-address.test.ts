// E-mail addresses as people type them, and those that would smuggle a recipient.
import { expect } from 'chai';
import { maskEmail, maskPhone } from '../../../src/core/words/mask.js';
import { mailboxOf, parseEmailAddress } from '../../../src/factors/email/email-address.js';
import { isEmailAddress } from '../../../src/senders/address.js';
import { startCodes } from '../one-time-code/fixture.js';
import { saidOf } from '../../support/core-person.js';

describe('an e-mail address', () => {
  const accepted: { [typed: string]: string } = {
    'ann@example.com': 'ann@example.com',
    '  ann@example.com ': 'ann@example.com',
    'Ann.O+shop@EXAMPLE.Com': 'Ann.O+shop@example.com',
    "o'neil@example.co.uk": "o'neil@example.co.uk",
    'a@b.co': 'a@b.co',
    'ann@bücher.example': 'ann@xn--bcher-kva.example',
    'ann@sub-domain.example.com': 'ann@sub-domain.example.com',
    [`${'a'.repeat(64)}@example.com`]: `${'a'.repeat(64)}@example.com`,
  };
  for (const [typed, address] of Object.entries(accepted)) {
    it(`'${typed}' becomes ${address}, which every sender takes`, () => {
      expect(parseEmailAddress(typed)).to.deep.equal({ address });
      expect(isEmailAddress(address)).to.equal(true);
    });
  }

  const refused: { [typed: string]: string } = {
    '': 'email.missing',
    '   ': 'email.missing',
    ann: 'email.invalid',
    'ann@': 'email.invalid',
    '@example.com': 'email.invalid',
    'ann@localhost': 'email.invalid',
    'ann@[192.0.2.1]': 'email.invalid',
    'ann@192.0.2.1': 'email.invalid',
    'ann@example..com': 'email.invalid',
    'ann@-example.com': 'email.invalid',
    'ann@exa mple.com': 'email.invalid',
    'ann@example.com.': 'email.invalid',
    '.ann@example.com': 'email.invalid',
    'a..n@example.com': 'email.invalid',
    'a n@example.com': 'email.invalid',
    'ann@eve@example.com': 'email.invalid',
    '"ann"@example.com': 'email.invalid',
    'Ann <ann@example.com>': 'email.invalid',
    'ann(x)@example.com': 'email.invalid',
    'änn@example.com': 'email.invalid',
    'ann@example.com/x': 'email.invalid',
    'ann@example.com%00': 'email.invalid',
    [`${'a'.repeat(65)}@example.com`]: 'email.invalid',
    [`a@${'b'.repeat(64)}.com`]: 'email.invalid',
    [`a@${'b.'.repeat(126)}com`]: 'email.too_long',
    [`a@${'bücher.'.repeat(20)}com`]: 'email.invalid',
  };
  for (const [typed, hint] of Object.entries(refused)) {
    it(`${JSON.stringify(typed.slice(0, 40))} is refused: ${hint}`, () =>
      expect(parseEmailAddress(typed)).to.deep.equal({ hint }));
  }

  it('is none without text', () => {
    for (const typed of [undefined, null, 5, ['a@b.co'], { toString: () => 'a@b.co' }]) {
      expect(parseEmailAddress(typed)).to.deep.equal({ hint: 'email.missing' });
    }
  });
});

describe('a smuggled recipient', () => {
  for (const typed of [
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\nRCPT TO:<eve@example.com>',
    'ann@example.com\r',
    'ann@example.com\u0000eve@example.com',
    'ann@example.com\u2028eve@example.com',
    'ann@example.com\t',
    'ann@example.com,eve@example.com',
    'eve@example.com, ann@example.com',
    'ann@example.com;eve@example.com',
    'ann@example.com eve@example.com',
    'ann@example.com>,<eve@example.com',
    '\n ann@example.com',
  ]) {
    it(`gets no message: ${JSON.stringify(typed)}`, async () => {
      const codes = startCodes('email');
      expect(saidOf(await codes.session().begin(typed))).to.equal('request.invalid');
      expect(codes.outbox.messages).to.have.length(0);
    });
  }
});

describe('a mailbox, for limits', () => {
  it('is one whatever its tag and its case', () => {
    for (const address of ['ann@example.com', 'Ann@Example.com', 'ann+1@example.com', 'ANN+2+3@example.com']) {
      expect(mailboxOf(address)).to.equal('ann@example.com');
    }
    expect(mailboxOf('anna@example.com')).not.to.equal('ann@example.com');
  });

  it('gets no more codes by asking under other tags', async () => {
    const codes = startCodes('email');
    const words: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      words.push(saidOf(await codes.session('flow', { id: `user ${index}` }).begin(`ann+${index}@example.com`)));
    }
    expect(words.filter((word) => word === 'accepted')).to.have.length(5);
  });
});

describe('a mask', () => {
  const masks: { [address: string]: string } = {
    'a@example.com': '***@example.com',
    'al@example.com': '***@example.com',
    'ann@example.com': 'a***@example.com',
    'alice@example.com': 'a***@example.com',
    'albert@example.com': 'al***@example.com',
    'alexandra@example.com': 'ale***@example.com',
    'maximiliane1@example.com': 'maxi***@example.com',
    [`${'x'.repeat(64)}@example.com`]: 'xxxx***@example.com',
    'no address': '***',
  };
  for (const [address, mask] of Object.entries(masks)) {
    it(`of ${address.slice(0, 30)} is ${mask}`, () => expect(maskEmail(address)).to.equal(mask));
  }

  it('keeps at most a third of the local part, four characters at most', () => {
    for (let length = 1; length <= 64; length += 1) {
      const shown = maskEmail(`${'x'.repeat(length)}@example.com`).indexOf('*');
      expect(shown).to.be.at.most(Math.min(4, length / 3));
    }
  });

  it('of a phone number keeps its last two digits', () => {
    expect(maskPhone('+41791234567')).to.equal('***67');
    expect(maskPhone('123')).to.equal('***');
  });
});
