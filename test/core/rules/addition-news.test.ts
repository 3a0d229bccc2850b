// What people and listeners are told of one more authenticator: one notice for one enrolment, that says what it was.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { Authenticator, MfaRecord } from '../../../src/core/kernel/record.js';
import { additionNews } from '../../../src/core/rules/addition-news.js';
import { app, codes, having, key, mail, nobody, now, own, pass, ruleKernel } from '../../support/rule-person.js';

const owes = { owed: ['backup-codes'] };
const made = (factor: Factor, secondsAgo: number) => own(factor, { createdAt: now - secondsAgo });
const disabled = own(app, { disabledAt: 1 });

const rows: [
  what: string,
  added: Factor,
  before: MfaRecord,
  replaced: Authenticator[],
  notice: string | undefined,
  event?: true,
][] = [
  ['a first method', app, nobody, [], 'factor-added'],
  ['one more method', key, having([app]), [], 'factor-added'],
  ['an address', mail, having([app]), [], 'factor-added'],
  ['another address', mail, having([app, mail]), [own(mail)], 'address-changed'],
  ['another app', app, having([app, mail]), [own(app)], 'factor-added'],
  ['backup codes by themselves', codes, having([app]), [], 'factor-added'],
  ['new backup codes', codes, having([app, codes]), [own(codes)], 'backup-codes-renewed'],
  ['the codes of an enrolment', codes, having([made(app, 3600)], owes), [], undefined],
  ['the codes of one of several', codes, having([made(key, 9000), made(app, 0)], owes), [], undefined],
  ['codes an hour after an enrolment', codes, having([made(app, 3601)], owes), [], 'factor-added'],
  ['codes that are owed after a pass alone', codes, having([app, made(pass, 0)], owes), [], 'factor-added'],
  [
    'codes beside a method of a factor that the app has no more',
    codes,
    having([app, { ...made(app, 0), kind: 'gone' }], owes),
    [],
    'factor-added',
  ],
  ['codes that were not owed', codes, having([made(app, 0)], { owed: ['primary'] }), [], 'factor-added'],
  ['new codes, owed', codes, having([made(app, 0), codes], owes), [own(codes)], 'backup-codes-renewed'],
  ['one more method while codes are owed', key, having([made(app, 0)], owes), [], 'factor-added'],
  ['a method where none is left', app, having([codes]), [], 'recovery', true],
  ['a method where the only one is disabled', key, having([disabled, codes]), [], 'recovery', true],
  [
    'an address in the place of one that is disabled',
    mail,
    having([own(mail, { disabledAt: 1 })]),
    [own(mail)],
    'recovery',
    true,
  ],
  ['codes where no method is left', codes, having([disabled]), [], 'factor-added'],
];

describe('the news of one more authenticator', () => {
  for (const [what, added, before, replaced, notice, event] of rows)
    it(`is ${notice ? `\`${notice}\`` : 'told already'} for ${what}`, () => {
      const news = additionNews(ruleKernel(), before, added, { id: 'new' }, replaced);
      const { kind } = added;
      const notices = notice === undefined ? [] : [{ what: notice, kind, authenticatorId: 'new', at: now }];
      expect(news.notices).to.deep.equal(notices);
      expect(news.happened).to.deep.equal(event ? [{ name: 'recovery-completed', kind }] : []);
    });

  it('has the name that the person gave', () => {
    const { notices } = additionNews(ruleKernel(), nobody, app, { id: 'new', name: 'Old phone' }, []);
    expect(notices).to.deep.equal([
      { what: 'factor-added', kind: 'app', authenticatorId: 'new', at: now, name: 'Old phone' },
    ]);
  });
});
