// Which browser and which system a request names, without versions: those change every few weeks, and say nothing. The only
// file that knows bowser, which is loaded at the first look: who assesses no risk does not have it.
import { MfaError } from '../core/words/errors.js';

/** Family and system, as far as the header names them. */
export type Families = { family?: string; system?: string };

type Parse = (userAgent: string) => { browser: { name?: string }; os: { name?: string } };

let loading: Promise<Parse> | undefined;

/** @throws MfaError `config.peer_missing` */
export async function loadFamilies(): Promise<void> {
  await load();
}

/** @throws MfaError `config.peer_missing` */
export async function familiesOf(userAgent: string | undefined): Promise<Families> {
  const header = (userAgent ?? '').slice(0, 512);
  if (header === '') return {};
  const { browser, os } = (await load())(header);
  return {
    ...(browser.name ? { family: browser.name } : {}),
    ...(os.name ? { system: os.name } : {}),
  };
}

function load(): Promise<Parse> {
  loading ??= import('bowser').then(
    ({ default: bowser }) =>
      (userAgent) =>
        bowser.parse(userAgent),
    (cause: unknown) => {
      loading = undefined;
      const told =
        'riskByHistory tells browsers apart by the package bowser, which cannot be loaded. Install it: npm install bowser';
      throw new MfaError('config.peer_missing', told, { cause });
    },
  );
  return loading;
}
