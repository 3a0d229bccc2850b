// What people type who heard the letters of a support pass on the telephone, or have them in a message.
import { expect } from 'chai';
import { supportPass } from '../../src/factors/support-pass/support-pass.js';

const read = (code: unknown) => supportPass().parse({ code } as never);
const refused = { malformed: true, details: { field: 'code', hint: 'pass.format' } };

describe('the letters of a support pass', () => {
  it('are read in small letters, with any space, dash or point, and with what copying adds that nobody sees', () => {
    for (const typed of [
      'BCDF-GHJK-LMNP',
      ' bcdf ghjk lmnp. ',
      'b.c.d.f.g.h.j.k.l.m.n.p',
      'BCDF\u2011GHJK\u30fcLMNP',
      '\u2066BCDFGHJK\u3164LMNP\u2069',
      '\uff22CDFGHJKLMNP',
    ])
      expect(read(typed), typed).to.equal('BCDFGHJKLMNP');
  });

  it('are nothing else', () => {
    const others = ['', 'BCDF-GHJK-LMN', 'BCDF-GHJK-LMNPP', 'ACDF-GHJK-LMNP', 'BCDF-GHJK-LMN1', 7, undefined];
    for (const typed of [...others, 'B'.repeat(501)]) expect(read(typed), String(typed)).to.deep.equal(refused);
    for (const body of [null, 'BCDF-GHJK-LMNP', []]) expect(supportPass().parse(body)).to.deep.equal(refused);
  });
});
