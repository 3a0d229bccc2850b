// The commands that do to a person's account what administrators do: each asks for its action as their pages do, with the same
// limits, and acts at once, for whoever has the shell has nobody beside them.
import type { Done } from '../core/operators/desk.js';
import type { AdminAction } from '../core/rules/admin-rights.js';
import type { ActionRequest } from '../admin-requests.js';
import { dateOf } from './terminal.js';
import { UsageError } from './usage-error.js';
import { actCommand, done, textOf, type Command, type Values } from './command.js';

type Parts = Pick<Parameters<typeof actCommand>[0], 'name' | 'summary' | 'options' | 'notes'> & {
  action: AdminAction;
  example: string;
  /** What the action takes beside who and why, read from the command line. */
  takes?: (values: Values) => Partial<ActionRequest>;
  /** What is said of it; `json` is told to machines beside the user id. */
  told: (id: string, made: Done) => [string, ...string[]];
};

function actionCommand({ action, example, takes, told, ...words }: Parts): Command {
  const { name } = words;
  return actCommand({
    ...words,
    on: 'USER-ID',
    examples: [`${name} 42 ${example} --by ops@example.com`],
    async act({ mfa, id, who, values, terminal }) {
      const { done: made = {} } = await mfa.requestAction(action, id, { ...takes?.(values), ...who });
      return done(terminal, { userId: id, done: name, ...made }, ...told(id, made));
    },
  });
}

export const suspendCommand = actionCommand({
  name: 'suspend',
  action: 'suspend',
  summary: 'bars an account: nobody gets in until `resume`, whatever they prove',
  example: "--reason 'stolen laptop'",
  told: (id) => [`${id} is suspended, and signed out.`],
});

export const resumeCommand = actionCommand({
  name: 'resume',
  action: 'resume',
  summary: 'lets an account in again that `suspend` barred; what the directory barred stays so',
  example: "--reason 'laptop found'",
  told: (id) => [`${id} is not suspended by an administrator.`],
});

export const endSignInsCommand = actionCommand({
  name: 'end-sign-ins',
  action: 'end-sign-ins',
  summary: 'ends all sign-ins of a person, their trusted and known browsers with them; or one',
  options: {
    'sign-in': { type: 'string', value: 'ID', summary: 'only this one: the `signInId` that your app gave it' },
  },
  notes: ['Sessions of your app itself end by the option `endSessions`.'],
  example: "--reason 'phone stolen'",
  takes: (values) => {
    const signInId = textOf(values, 'sign-in');
    return signInId === undefined ? {} : { signInId };
  },
  told: (id) => [`What was proved for ${id} counts no more.`],
});

export const endTrustCommand = actionCommand({
  name: 'end-trust',
  action: 'end-trust',
  summary: 'ends the trust in all browsers of a person: they are asked again at sign-in',
  example: "--reason 'sold their laptop'",
  told: (id) => [`No browser of ${id} is trusted.`],
});

export const passCommand = actionCommand({
  name: 'pass',
  action: 'pass',
  summary: 'makes a support pass for somebody who lost everything, and prints it once',
  options: { minutes: { type: 'string', value: 'NUMBER', summary: 'how long it works, 10 to 1440; default 60' } },
  notes: [
    'Be sure who is asking: this is how attackers get around MFA. Read it out to them; they enter it after their password, by',
    '"I have a pass from support". It works once; what they set up by it is on hold. The person gets a notice.',
  ],
  example: "--reason 'lost phone, called back'",
  takes: (values) => {
    const minutes = textOf(values, 'minutes');
    if (minutes === undefined) return {};
    if (!/^\d{1,5}$/.test(minutes)) throw new UsageError('--minutes takes a whole number.', 'pass');
    return { validMinutes: Number(minutes) };
  },
  told: (_id, { code = '', expiresAt = 0 }) => [code, `It works once, until ${dateOf(expiresAt)}.`],
});

export const releaseCommand = actionCommand({
  name: 'release',
  action: 'release',
  summary: 'ends the hold on what somebody set up by a support pass',
  notes: ['Without it the hold ends by itself, after `holdHours`.'],
  example: "--reason 'seen in person since'",
  told: (id) => [`Nothing of ${id} is on hold.`],
});

export const exemptCommand = actionCommand({
  name: 'exempt',
  action: 'exempt',
  summary: 'lets somebody without a method in until a day, where the policy demands a set-up',
  options: {
    until: {
      type: 'string',
      value: 'TIME',
      summary: 'when it ends, as 2026-03-01 or with a time; 30 days ahead at most',
    },
  },
  notes: ['90 days within a year at most. It ends with the first method, and at a reset. A step-up asks as ever.'],
  example: "--until 2026-03-01 --reason 'key is in the mail'",
  takes: (values) => {
    const until = new Date(textOf(values, 'until') ?? '');
    if (Number.isNaN(until.getTime())) throw new UsageError('--until TIME is missing, or is no time.', 'exempt');
    return { until };
  },
  told: (id) => [`${id} is exempt.`],
});

export const endExemptionCommand = actionCommand({
  name: 'end-exemption',
  action: 'end-exemption',
  summary: 'ends an exemption before its time',
  example: "--reason 'key has come'",
  told: (id) => [`${id} is not exempt.`],
});

export const oweCodesCommand = actionCommand({
  name: 'owe-codes',
  action: 'owe-codes',
  summary: 'has somebody make new backup codes when they next verify; the old ones work until then',
  example: "--reason 'left the paper on the train'",
  told: (id) => [`${id} is asked for new backup codes.`],
});

export const actionCommands: readonly Command[] = [
  exemptCommand,
  endExemptionCommand,
  oweCodesCommand,
  passCommand,
  releaseCommand,
  suspendCommand,
  resumeCommand,
  endSignInsCommand,
  endTrustCommand,
];
