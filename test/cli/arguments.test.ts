// The command line as it is typed, and mistyped.
import { expect } from 'chai';
import { readArguments } from '../../src/cli/arguments.js';
import { UsageError } from '../../src/cli/usage-error.js';
import type { Command } from '../../src/cli/command.js';
import { plain, tableOf } from '../../src/cli/terminal.js';

const run = () => Promise.resolve(0);
const commands: Command[] = [
  {
    name: 'reset',
    summary: 'resets',
    positionals: ['USER-ID'],
    options: { by: { type: 'string', value: 'NAME', summary: '' }, yes: { type: 'boolean', summary: '' } },
    examples: [],
    needs: 'nothing',
    run,
  },
  { name: 'list', summary: 'lists', positionals: [], options: {}, examples: [], needs: 'nothing', run },
];
const read = (...args: string[]) => readArguments(args, commands);
const mistake = (...args: string[]): string => {
  try {
    read(...args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('It was taken.');
};

describe('the arguments of the command line', () => {
  it('come in any order, options before the command as well', () => {
    for (const args of [
      ['reset', '42', '--by', 'ops', '--config', 'a.js'],
      ['--config', 'a.js', 'reset', '--by=ops', '42'],
    ]) {
      const parsed = read(...args);
      expect(parsed).to.deep.include({ positionals: ['42'], values: { by: 'ops', config: 'a.js' } });
      expect('command' in parsed && parsed.command.name).to.equal('reset');
    }
  });

  it('may hold an id or a name that begins with a dash', () => {
    expect(read('reset', '--by=--ops', '--', '-42')).to.deep.include({ positionals: ['-42'], values: { by: '--ops' } });
  });

  it('ask for help in four ways', () => {
    for (const args of [
      ['reset', '--help'],
      ['help', 'reset'],
      ['--help', 'reset'],
      ['reset', '-h'],
    ]) {
      expect(read(...args)).to.deep.equal({ help: commands[0] });
    }
    for (const args of [['help'], ['--help']]) expect(read(...args)).to.deep.equal({ help: undefined });
  });

  it('are refused with the nearest name', () => {
    expect(mistake('rest', '42')).to.equal('There is no command "rest". Did you mean `reset`?');
    expect(mistake('reset', '42', '--yess')).to.equal('`reset` has no option --yess. Did you mean --yes?');
    expect(mistake('list', '--by', 'ops')).to.equal('`list` has no option --by.');
    expect(mistake('reset', '42', '--constructor')).to.equal('`reset` has no option --constructor.');
  });

  it('are refused where something is missing, too much or twice', () => {
    expect(mistake()).to.equal('Which command?');
    expect(mistake('reset')).to.equal('USER-ID is missing.');
    expect(mistake('list', '42')).to.equal('There is one argument too many: "42".');
    expect(mistake('reset', '42', '--by')).to.equal('--by takes NAME.');
    expect(mistake('reset', '42', '--by', '--yes')).to.equal(
      '--by takes NAME. One that begins with a dash is written --by=NAME.',
    );
    expect(mistake('reset', '-42')).to.equal(
      '`reset` has no option -4. What begins with a dash and is no option stands after `--`.',
    );
    expect(mistake('reset', '42', '--by=')).to.equal('--by takes NAME.');
    expect(mistake('reset', '42', '--yes=no')).to.equal('--yes takes no value.');
    expect(mistake('reset', '42', '--by', 'a', '--by', 'b')).to.equal('--by is given twice.');
  });
});

describe('what the command line prints', () => {
  it('holds nothing that steers a terminal', () => {
    expect(plain('a\u001b[31mb\nc\u202ed\u009b\u2028')).to.equal('a\\u001b[31mb\\u000ac\\u202ed\\u009b\\u2028');
    expect(plain('Zoë\tÅ 漢')).to.equal('Zoë\tÅ 漢');
  });

  it('stands in columns', () => {
    expect(
      tableOf([
        ['a', 'bcd', 'e'],
        ['fgh', 'i', ''],
      ]),
    ).to.deep.equal(['a    bcd  e', 'fgh  i']);
  });
});
