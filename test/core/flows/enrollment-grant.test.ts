// The code that an administrator hands over: what is told of it, whose and how long it is, and who takes it.
import { expect } from 'chai';
import { grantEnrollment, grantOf, grantSeconds, readGrantTyped } from '../../../src/core/flows/enrollment-grant.js';
import { fullLog } from '../../support/core-recovering.js';
import { protectedPerson } from '../../support/core-person.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const typed = (code: string) => readGrantTyped({ code })!;

describe('a granted code', () => {
  it('is told with who granted it and why, as far as that was said, and to its person', async () => {
    for (const said of [{}, { by: 'desk' }, { by: 'desk', reason: 'new phone' }]) {
      const { kernel } = await protectedPerson();
      await grantEnrollment(kernel, 'ann', said);
      const { reason, ...named } = said;
      const why = reason === undefined ? {} : { detail: { reason } };
      const event = { name: 'enrollment-granted', actor: 'admin', ...named, ...why, userId: 'ann' };
      expect(kernel.events).to.deep.equal([event]);
      const [{ before, ...notice } = {}] = kernel.notices;
      expect(notice).to.deep.equal({ what: 'enrollment-granted', at: kernel.now(), userId: 'ann' });
      expect(before?.epoch).to.equal((await kernel.recordOf('ann')).epoch);
    }
  });

  it('fits its own person alone, until its time is over', async () => {
    const kernel = testKernel();
    const code = await grantEnrollment(kernel, 'ann');
    expect(await grantOf(kernel, 'bob')).to.equal(undefined);
    const other = await grantEnrollment(kernel, 'bob');
    expect((await grantOf(kernel, 'bob'))?.fits(typed(code))).to.equal(false);
    expect((await grantOf(kernel, 'bob'))?.fits(typed(other))).to.equal(true);
    kernel.clock.now += grantSeconds - 1;
    expect((await grantOf(kernel, 'ann'))?.fits(typed(code))).to.equal(true);
    kernel.clock.now += 1;
    expect(await grantOf(kernel, 'ann')).to.equal(undefined);
  });

  it('is taken by one, and by nobody who compared with another', async () => {
    const kernel = testKernel();
    await grantEnrollment(kernel, 'ann');
    const [one, two] = [await grantOf(kernel, 'ann'), await grantOf(kernel, 'ann')];
    expect([await one?.take(), await two?.take()]).to.deep.equal([true, false]);
    await grantEnrollment(kernel, 'ann');
    const old = await grantOf(kernel, 'ann');
    await grantEnrollment(kernel, 'ann');
    expect(await old?.take()).to.equal(false);
  });

  it('is handed to nobody where the log takes nothing', async () => {
    const kernel = { ...testKernel(), logbook: fullLog };
    expect(await codeOf(grantEnrollment(kernel, 'ann'))).to.equal('audit.unavailable');
    expect(kernel.notices).to.deep.equal([]);
  });
});
