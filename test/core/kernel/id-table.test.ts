// Numbers by id, of more ids than the table begins with.
import { expect } from 'chai';
import { createIdTable } from '../../../src/core/kernel/id-table.js';

describe('a table of numbers by id', () => {
  it('has the number that was set last for each of many, and none for others', () => {
    const table = createIdTable([1, 2]);
    expect(table.get('ann')).to.equal(undefined);
    const count = 9000;
    for (let index = 0; index < count; index += 1) table.set(`user-${index}`, index);
    for (let index = 0; index < count; index += 3) table.set(`user-${index}`, index + 7);
    for (let index = 0; index < count; index += 1)
      expect(table.get(`user-${index}`)).to.equal(index % 3 === 0 ? index + 7 : index);
    for (const id of ['', 'user-', 'user-9000', 'resu-1']) expect(table.get(id), id).to.equal(undefined);
    for (const value of [0, 2 ** 31 - 2]) {
      table.set('ann', value);
      expect(table.get('ann')).to.equal(value);
    }
  });
});
