// doctor: looks at a running configuration and at the app it is mounted in, and says what is wrong or unwise. Changes
// nothing, sends nothing, and of the app asks for the sign-in page alone, or for its pages where credentials are given.
import { isMfaError } from '../core/words/errors.js';
import { presets, type Preset } from '../core/words/presets.js';
import type { MfaCore } from '../mfa.js';
import { hostsOwn, sentenceOfBreach } from '../presets.js';
import type { Values } from './command.js';
import { textOf, type Command } from './command.js';
import { Failure, loadApp, loadMfa } from './configuration.js';
import { examineApp } from './doctor-app.js';
import { policyIn } from '../checks/in-force.js';
import { examineRunning } from '../checks/examine.js';
import { examineSaml } from './doctor-saml.js';
import { visitApp } from './doctor-visit.js';
import { createFindings, type Findings } from '../checks/finding.js';
import { count } from '../checks/count.js';
import { tableOf } from './terminal.js';
import { UsageError } from './usage-error.js';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'checks the configuration, its store and senders, and where the app mounts the guard',
  positionals: [],
  options: {
    app: { type: 'string', value: 'PATH', summary: 'the module that exports the Express app' },
    preset: { type: 'string', value: 'NAME', summary: 'also judges by a standard, or by several with commas between' },
    credentials: {
      type: 'string',
      value: 'VARIABLE',
      summary:
        'the environment variable with a header, as of somebody who owes the second factor; asks for each page with it',
    },
  },
  notes: [
    'Run it with the NODE_ENV and the environment of production. Exit code 1 where anything fails; a warning is no failure.',
    '--preset judges and changes nothing; the option `preset` of createMfa holds the app to it.',
    'The module of --app must not listen: export the app from one module, and listen in another.',
  ],
  examples: ['doctor --config dist/mfa.js --app dist/app.js', 'doctor --app dist/app.js --json'],
  needs: 'nothing',
  async run({ values, terminal }) {
    const findings = createFindings();
    const warnings: string[] = [];
    process.removeAllListeners('warning').on('warning', ({ message }) => warnings.push(message));
    presetsOf(values);
    const mfa = await examined(values, findings);
    if (mfa) mfa.kernel.operator = 'cli';
    const appPath = textOf(values, 'app');
    if (mfa) await examineRunning(mfa, findings);
    if (mfa) examinePresets(mfa, presetsOf(values), findings);
    await examineSaml(findings);
    if (mfa && appPath === undefined) {
      findings.warn('app', 'Not looked at: session, proxy, mount order and routes. Give --app PATH.');
    } else if (mfa && appPath !== undefined) {
      try {
        const app = await loadApp(appPath);
        await examineApp(mfa, app, findings);
        await visitApp(mfa, app, credentialsOf(values), findings);
      } catch (error) {
        if (!(error instanceof Failure) && !isMfaError(error)) throw error;
        findings.fail('app', error.message);
      }
    }
    // Those of the store are among its findings already.
    for (const text of warnings.filter((one) => !findings.all.some((finding) => finding.text === one))) {
      findings.warn('start-up', text);
    }
    const levels = { ok: 0, warn: 0, fail: 0 };
    for (const { level } of findings.all) levels[level] += 1;
    if (terminal.json) terminal.say(JSON.stringify({ ...levels, findings: findings.all }));
    else {
      for (const line of tableOf(findings.all.map(({ level, check, text }) => [level, check, text])))
        terminal.say(line);
      terminal.say('');
      terminal.say(`${count(levels.fail, 'failure')}, ${count(levels.warn, 'warning')}, ${levels.ok} in order.`);
    }
    return levels.fail > 0 ? 1 : 0;
  },
};

/**
 * In a variable, since every user of a machine reads the arguments of its commands.
 * @throws UsageError
 */
function credentialsOf(values: Values): string | undefined {
  const variable = textOf(values, 'credentials');
  if (variable === undefined) return undefined;
  const line = process.env[variable];
  if (line !== undefined && /^[\w-]+:./.test(line)) return line;
  throw new UsageError(`${variable} holds no header such as \`Authorization: Basic …\`.`, 'doctor');
}

function presetsOf(values: Values): Preset[] {
  return (textOf(values, 'preset')?.split(',') ?? []).map((name) => {
    const preset = presets.find((each) => each === name.trim());
    if (preset) return preset;
    throw new UsageError(`--preset takes ${presets.join(', ')}; several with commas between.`, 'doctor');
  });
}

function examinePresets(mfa: MfaCore, names: readonly Preset[], findings: Findings): void {
  for (const { preset, breaches } of policyIn(mfa).presets.filter((state) => names.includes(state.preset))) {
    const check = `preset ${preset}`;
    for (const breach of breaches) findings.fail(check, sentenceOfBreach(breach));
    findings.ok(check, `Met, by these options. What they do not say is yours: ${hostsOwn.join('; ')}.`);
  }
}

/** The app's own module may export both. */
async function examined(values: Values, findings: Findings): Promise<MfaCore | undefined> {
  try {
    return await loadMfa(textOf(values, 'config') ?? textOf(values, 'app'));
  } catch (error) {
    if (!(error instanceof Failure) && !isMfaError(error)) throw error;
    findings.fail('configuration', isMfaError(error) ? `${error.message} (${error.code})` : error.message);
    return undefined;
  }
}
