// What a census makes of one person, list by list.
import { expect } from 'chai';
import { headcount, headcountOfNobody, headcountOfUnread, listsAtRisk } from '../../../src/core/rules/headcount.js';
import type { Factor, Standing } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';

const day = 86_400;
/** Its authenticators stand as their data says. */
const standing = (factor: unknown): Factor => ({
  ...(factor as Factor),
  standing: ({ data }: Authenticator) => data as unknown as Standing,
});
const [app, mail] = [standing(riddle()), standing(riddle({ kind: 'mail', channel: 'email' }))];
const codes = standing(spareWords());
const pass = { ...standing(riddle({ kind: 'pass' })), rank: 'pass' as const };
const block = {
  signIn: { low: 'allow', medium: 'allow', high: 'block' },
  enrollment: { low: 'allow', medium: 'block', high: 'block' },
};
const kernel = testKernel({ factors: [app, mail, codes, pass], settings: { riskActions: block as never } });
const now = kernel.now();

const own = (kind: string, stands: Partial<Standing> = {}, more: object = {}): Authenticator => ({
  id: kind,
  kind,
  createdAt: now - day,
  data: { state: 'usable', ...stands },
  ...more,
});
const person = (authenticators: Authenticator[], more: object = {}): MfaRecord => ({
  ...emptyRecord('e'),
  protected: authenticators.length > 0,
  authenticators,
  ...more,
});
const countOf = (...[authenticators, more]: Parameters<typeof person>) => {
  const { lists, counts } = headcount(kernel, person(authenticators, more));
  return { lists: lists.join(' '), counts };
};

describe('the headcount of one person', () => {
  it('has lists for who has nothing, one method, a weak one, or several', () => {
    expect(countOf([])).to.deep.equal({ lists: 'all none', counts: { able: 1 } });
    expect(countOf([own('riddle')])).to.deep.equal({
      lists: 'all protected kind/riddle',
      counts: { able: 1, 'alone/riddle': 1 },
    });
    expect(countOf([own('mail')]).lists).to.equal('all protected weak kind/mail');
    const both = countOf([own('mail'), own('riddle')]);
    expect(both).to.deep.equal({ lists: 'all protected kind/mail kind/riddle', counts: { able: 1 } });
    expect(countOf([own('pass')]).lists).to.equal('all none');
    expect(headcountOfNobody()).to.deep.equal({ lists: ['all', 'none'], counts: { able: 1 } });
    expect(headcountOfUnread()).to.deep.equal({ lists: ['all', 'unread'], counts: { able: 1 } });
  });

  it('counts no method that is disabled as one that works', () => {
    expect(countOf([own('riddle', {}, { disabledAt: 5 })])).to.deep.equal({
      lists: 'all disabled',
      counts: { able: 1 },
    });
    expect(countOf([own('riddle', {}, { disabledAt: 5 }), own('mail')]).lists).to.equal(
      'all protected weak disabled kind/mail',
    );
  });

  it('tells whose codes are few, used, expired, or soon will be', () => {
    const left = (stands: object) => countOf([own('riddle'), own(codes.kind, stands)]);
    const whole = left({ left: 10, total: 10 });
    expect(whole.lists).to.equal('all protected kind/riddle codes left/10');
    expect(whole.counts).to.deep.include({ 'codes-total': 10, 'codes-spent': 0, 'codes-left': 10, 'codes-expired': 0 });
    expect(left({ left: 12, total: 12 }).lists).to.include('left/10');
    const low = left({ state: 'low', left: 2, total: 10 });
    expect(low.lists).to.equal('all protected kind/riddle codes left/2 codes-used low');
    expect(low.counts).to.deep.include({ 'codes-spent': 8, 'codes-left': 2, 'low-left/2': 1 });
    const expired = left({ state: 'expired', left: 7, total: 10, expiresAt: now });
    expect(expired.lists).to.equal('all protected kind/riddle codes left/0 codes-used low');
    expect(expired.counts).to.deep.include({ 'codes-left': 0, 'codes-expired': 7, 'low-left/0': 1 });
    expect(left({ left: 10, total: 10, expiresAt: now + 30 * day }).lists).to.match(/ expiring$/);
    expect(left({ left: 10, total: 10, expiresAt: now + 30 * day + 1 }).lists).to.not.include('expiring');
    expect(left({ state: 'empty', left: 0, total: 10, expiresAt: now }).lists).to.not.include('expiring');
  });

  it('takes whoever is suspended or exempt out of what shares are of', () => {
    expect(countOf([own('riddle')], { suspended: { admin: 5 } })).to.deep.equal({ lists: 'all suspended', counts: {} });
    const exemptions = [{ from: now, until: now + 1 }];
    expect(countOf([], { exemptions })).to.deep.equal({ lists: 'all exempt', counts: {} });
    expect(countOf([own('riddle')], { exemptions }).lists).to.equal('all protected kind/riddle');
    expect(countOf([], { exemptions, suspended: { scim: 5 } }).lists).to.equal('all suspended');
  });

  it('knows who is locked, on hold, blocked or idle', () => {
    const listOf = (more: object, ...methods: Authenticator[]) =>
      countOf(methods.length > 0 ? methods : [own('riddle')], more).lists;
    const failed = { failures: 9, failedAt: now };
    expect(listOf({ attempts: { a: failed, b: { ...failed, lockedUntil: now + 1 } } })).to.include('locked');
    expect(listOf({ attempts: { b: { ...failed, closedAt: 5 } } })).to.include('locked');
    expect(listOf({ attempts: { a: failed, b: { ...failed, lockedUntil: now } } })).to.not.include('locked');
    expect(listOf({ hold: { since: 1, until: now + 1 } })).to.include('hold');
    expect(listOf({ hold: { since: 1, until: now } })).to.not.include('hold');
    expect(listOf({ raised: { unknown: 'high' } })).to.include('blocked');
    expect(listOf({ raised: { unknown: 'medium' } })).to.not.include('blocked');
    expect(countOf([], { raised: { unknown: 'medium' } }).lists).to.include('blocked');
    expect(listOf({ raised: { unknown: 'high' }, releasedUntil: now + 1 })).to.not.include('blocked');
    expect(listOf({ raised: { unknown: 'high' }, suspended: { admin: 1 } })).to.not.include('blocked');
    expect(listOf({}, own('riddle', {}, { createdAt: now - 91 * day }))).to.include('idle');
    expect(listOf({}, own('riddle', {}, { createdAt: now - 90 * day }))).to.not.include('idle');
    expect(listOf({}, own('riddle', {}, { createdAt: 1, lastUsedAt: now - day }))).to.not.include('idle');
    expect(countOf([]).lists).to.not.include('idle');
  });

  it('asks for attention by every list that does not say how things stand', () => {
    expect(listsAtRisk).to.include.members(['none', 'weak', 'locked', 'blocked', 'unread']);
    expect(listsAtRisk).to.not.include.oneOf(['all', 'protected', 'codes', 'codes-used']);
  });
});
