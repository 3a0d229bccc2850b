// Attack: the same is asked for at the same moment in two processes: two deactivations, two accounts of one name, a profile that is
// pushed while somebody is let go, more deactivations than an hour may see.
// Rule: one after the other for each person and name, on any number of servers; what is counted is counted in the store.
// Answer: one suspension, one account, nobody let in again, exactly as many let go as may be; and who is out is out everywhere in time.
import { expect } from 'chai';
import type { MfaEvent } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { startRivals, type Rivals } from '../support/rivals.js';
import { ask, filterBy, patchOf, userOf, type Answer } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';
const off = { body: patchOf({ op: 'Replace', path: 'active', value: 'False' }) };

describe('directories, in two processes at once', () => {
  let rivals: Rivals;
  beforeEach(async () => (rivals = await startRivals(2, {}, 'scim-rival.ts')));
  afterEach(() => rivals.close());

  const storm = (all: Parameters<typeof ask> extends [unknown, ...infer Rest] ? Rest[] : never): Promise<Answer[]> =>
    Promise.all(all.map((given, index) => ask(rivals.all[index % 2]!, ...given)));
  const make = async (userName: string) =>
    (await ask(rivals.all[0]!, 'POST', '/Users', { body: userOf(userName) })).body.id as string;
  const told = async (name: MfaEvent['name']) =>
    (await Promise.all(rivals.all.map((one) => one.report())))
      .flatMap(({ events }) => events)
      .filter((event) => event.name === name);

  it('let somebody go once, and they are out in the other process as soon as it looks again', async () => {
    const id = await make('ada');
    const there = await new Browser(rivals.all[1]!).signIn(id);
    await there.enrollTotp();
    await there.jsonGet('/account').expect(200);
    const answers = await storm([
      ['PATCH', `/Users/${id}`, off],
      ['PATCH', `/Users/${id}`, off],
      ['PUT', `/Users/${id}`, { body: userOf('ada', { displayName: 'pushed' }) }],
      ['PUT', `/Users/${id}`, { body: userOf('ada', { title: 'pushed too' }) }],
    ]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    const { body } = await ask(rivals.all[0]!, 'GET', `/Users/${id}`);
    expect(body, 'nothing was lost').to.include({ active: false, displayName: 'pushed', title: 'pushed too' });
    expect(await told('suspended')).to.have.length(1);
    await rivals.advance(30);
    expect(codeIn(await there.jsonGet('/account').expect(403))).to.equal(suspended);
  });

  it('make one account of one name', async () => {
    const answers = await storm(['ada', 'ADA', 'ada', 'Ada'].map((name) => ['POST', '/Users', { body: userOf(name) }]));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409]);
    expect((await ask(rivals.all[1]!, 'GET', filterBy('userName eq "ada"'))).body.totalResults).to.equal(1);
  });

  it('give a name to one, made anew or renamed', async () => {
    const ids = [await make('one'), await make('two')];
    const answers = await storm([
      ...ids.map((id) => ['PUT', `/Users/${id}`, { body: userOf('Ada') }] as never),
      ...['ada', 'ADA'].map((name) => ['POST', '/Users', { body: userOf(name) }] as never),
    ]);
    expect(answers.filter(({ status }) => status < 300)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 409)).to.have.length(3);
    expect((await ask(rivals.all[1]!, 'GET', filterBy('userName eq "ada"'))).body.totalResults).to.equal(1);
  });

  it('end one account once', async () => {
    const id = await make('ada');
    const answers = await storm(Array.from({ length: 4 }, () => ['DELETE', `/Users/${id}`]));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 404, 404, 404]);
    expect(await told('user-deprovisioned')).to.have.length(1);
  });

  it('let no more go within an hour than may be, forget nobody, and tell of it once', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 9; at += 1) ids.push(await make(`person-${at}`));
    const all = ids.map(
      (id, at) => (at % 3 === 0 ? ['DELETE', `/Users/${id}`] : ['PATCH', `/Users/${id}`, off]) as never,
    );
    const answers = await storm(all);
    const stopped = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status < 300)).to.have.length(5);
    expect(stopped).to.have.length(4);
    for (const { headers, body } of stopped) {
      expect(Number(headers.get('retry-after'))).to.be.within(1, 3600);
      expect(body).to.include({ status: '429' });
    }
    const [alert, ...others] = await told('deactivations-stopped');
    expect(others).to.deep.equal([]);
    expect(alert).to.deep.include({ by: 'scim:acme', detail: { limit: 5 } });
    for (const [at, { status }] of answers.entries()) {
      const person = await new Browser(rivals.all[at % 2]!).signIn(ids[at]!);
      const isOut = codeIn(await person.jsonGet('/mfa')) === suspended;
      expect(isOut, 'whoever was stopped is as they were').to.equal(status < 300);
    }
    // What was begun goes on, another tenant is another count, and everything else may be done.
    const done = ids[answers.findIndex(({ status }, at) => status === 200 && at % 3 !== 0)]!;
    expect((await ask(rivals.all[1]!, 'PATCH', `/Users/${done}`, off)).status).to.equal(200);
    const theirs = { token: 'token-of-globex' };
    const { body } = await ask(rivals.all[0]!, 'POST', '/Users', { body: userOf('bea'), ...theirs });
    expect((await ask(rivals.all[0]!, 'PATCH', `/Users/${body.id}`, { ...off, ...theirs })).status).to.equal(200);
    await make('new');
  });
});
