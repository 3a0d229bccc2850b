// Making a set of backup codes, and confirming that they are saved.
import { expect } from 'chai';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import type { CodeSet } from '../../../src/factors/backup-codes/code-set.js';
import { answer, confirm, enrol, pendingOf, written } from './fixture.js';
import { contextAt, day, noon } from '../../support/factor-context.js';

const factor = backupCodes({ count: 5 });
const typing = backupCodes({ count: 5, confirm: 'type-one' });
const context = contextAt(noon);

describe('a new set', () => {
  it('has ten codes that can be read aloud, a token that names it, and its dates', async () => {
    const begun = await backupCodes().enrollment.begin(context, [], null);
    const { codes, revealToken, createdAt, expiresAt } = pendingOf(begun);
    expect(new Set(codes).size).to.equal(10);
    for (const code of codes) expect(code).to.match(/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/);
    expect(revealToken).to.match(/^[\w-]{22}$/);
    expect({ createdAt, expiresAt }).to.deep.equal({ createdAt: noon, expiresAt: noon + 365 * day });
    expect(begun.secret).to.deep.equal(begun.shown);
  });

  it('has four groups a code where more strength is asked for, and as many codes as asked for', async () => {
    const strong = backupCodes({ strength: 'high', count: 20 });
    const { codes } = pendingOf(await strong.enrollment.begin(context, [], null));
    expect(codes).to.have.length(20);
    for (const code of codes) expect(code).to.match(/^(\w{4}-){3}\w{4}$/);
  });

  it('of four groups a code works like one of two', async () => {
    const strong = backupCodes({ strength: 'high', count: 5 });
    const { codes, own } = await enrol(strong, context);
    expect(await answer(strong, context, own, codes[4])).to.include({ is: 'right' });
    expect(await answer(factor, context, own, codes[4]), 'after the option was changed').to.include({ is: 'right' });
  });
});

describe('confirming that the codes are saved', () => {
  const hintsOf = (of: typeof factor, body: Json) => {
    const parsed = of.enrollment.parse(body);
    return isMalformed(parsed) ? { reason: parsed.reason, ...parsed.details } : 'accepted';
  };

  it('needs the tick and the token, as a form and as JSON', () => {
    expect(hintsOf(factor, { revealToken: 'x', saved: 'yes' })).to.equal('accepted');
    expect(hintsOf(factor, { revealToken: 'x', saved: true })).to.equal('accepted');
    const unticked = { reason: 'request.invalid', field: 'saved', hint: 'backup.not_saved' };
    for (const saved of ['', 'no', false, 1, ['yes'], { yes: true }, null]) {
      expect(hintsOf(factor, { revealToken: 'x', saved }), JSON.stringify(saved)).to.deep.equal(unticked);
    }
    expect(hintsOf(factor, { revealToken: 'x' })).to.deep.equal(unticked);
    const nameless = { reason: 'request.invalid', field: 'revealToken' };
    for (const revealToken of ['', 5, ['x'], null])
      expect(hintsOf(factor, { revealToken, saved: 'yes' })).to.deep.equal(nameless);
  });

  it('stores one salt and one hash for each code', async () => {
    const { own } = await enrol(factor, context);
    const { salt, keyId, codes } = own[0]?.data as CodeSet;
    expect(Buffer.from(salt, 'base64url').length).to.equal(16);
    expect(keyId).to.equal(context.sealer.keyId);
    expect(new Set(codes.map((code) => 'hash' in code && code.hash)).size).to.equal(5);
    const again = await enrol(factor, context);
    expect((again.own[0]?.data as CodeSet).salt).not.to.equal(salt);
  });

  it('refuses another token than that of the pending set, as an unknown ceremony', async () => {
    const begun = await factor.enrollment.begin(context, [], null);
    const other = await factor.enrollment.begin(context, [], null);
    const { revealToken } = pendingOf(other);
    expect(await confirm(factor, context, [], begun, { revealToken, saved: 'yes' })).to.deep.equal({
      is: 'wrong',
      reason: 'session.verification_session_not_found',
      details: { hint: 'backup.other_set' },
      attempt: false,
    });
  });

  it('takes the place of the old set, whose codes work until then', async () => {
    const old = await enrol(factor, context);
    const begun = await factor.enrollment.begin(context, old.own, null);
    expect(await answer(factor, context, old.own, old.codes[0])).to.include({ is: 'right' });
    const { codes, revealToken } = pendingOf(begun);
    expect(await answer(factor, context, old.own, codes[0]), 'a pending code').to.include({ is: 'wrong' });
    const own = written(
      context,
      old.own,
      await confirm(factor, context, old.own, begun, { revealToken, saved: 'yes' }),
    );
    expect(own).to.have.length(1);
    expect(await answer(factor, context, own, codes[0])).to.include({ is: 'right' });
    expect(await answer(factor, context, own, old.codes[0])).to.include({ is: 'wrong' });
  });
});

describe('confirming by typing one of the codes', () => {
  it('takes any of them, however it is typed, and does not spend it', async () => {
    const begun = await typing.enrollment.begin(context, [], null);
    const { codes, revealToken, confirm: asked } = pendingOf(begun);
    expect(asked).to.equal('type-one');
    const code = String(codes[3]).toLowerCase().replace('-', '');
    const verdict = await confirm(typing, context, [], begun, { revealToken, code });
    const own = written(context, [], verdict);
    expect(await answer(typing, context, own, codes[3])).to.include({ is: 'right' });
  });

  it('refuses a code of another set, without counting it as a guess', async () => {
    const begun = await typing.enrollment.begin(context, [], null);
    const other = pendingOf(await typing.enrollment.begin(context, [], null));
    const { revealToken } = pendingOf(begun);
    expect(await confirm(typing, context, [], begun, { revealToken, code: other.codes[0] ?? null })).to.deep.equal({
      is: 'wrong',
      reason: 'session.mfa.invalid_backup_code',
      details: { field: 'code' },
      attempt: false,
    });
  });

  it('is not done by the tick', () => {
    expect(typing.enrollment.parse({ revealToken: 'x', saved: 'yes' })).to.deep.include({ malformed: true });
  });
});
