// census: counts everybody, for the overview of administration. May be stopped, or killed, and run again: it goes on.
import { count } from '../checks/count.js';
import { byOption, textOf, type Command } from './command.js';
import { dateOf } from './terminal.js';

export const censusCommand: Command = {
  name: 'census',
  summary: 'counts people, for the overview of administration',
  positionals: [],
  options: byOption,
  notes: [
    'The figures are kept in `administration.stats`, and shown by the pages of administration. One census at a time: where',
    'another process counts, this says how far it is. Safe while people sign in; stopped or killed, it goes on when it is run',
    'again within a day. Run it every night, or give the option `censusEveryHours`. Exit code 1 where it did not come to its end.',
  ],
  examples: ['census', 'census --by ops@acme.example', 'census --json'],
  needs: 'store',
  async run({ mfa, values, terminal }) {
    const by = textOf(values, 'by');
    const progress = terminal.progress();
    const asked = new AbortController();
    const stop = () => asked.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const onProgress = ({ people, about }: { people: number; about: number }) =>
      progress.show(`${people.toLocaleString('en')} of about ${count(about, 'person', 'people')} counted`);
    const result = await mfa
      .census({ ...(by === undefined ? {} : { by }), signal: asked.signal, onProgress })
      .finally(() => {
        process.off('SIGINT', stop).off('SIGTERM', stop);
        progress.end();
      });
    const people = count(result.people, 'person', 'people');
    if (result.state === 'done') {
      const latest = await (await mfa.counting.stats())?.latest();
      if (terminal.json) terminal.say(JSON.stringify({ ...result, counts: latest?.counts ?? {} }));
      else terminal.say(`${people} counted, as of ${dateOf(latest?.startedAt ?? 0)}.`);
      return 0;
    }
    if (terminal.json) terminal.say(JSON.stringify(result));
    else if (result.state === 'busy') terminal.say(`Another process counts: ${people} so far.`);
    else terminal.say(`Stopped at ${people}. Run it again to go on.`);
    return 1;
  },
};
