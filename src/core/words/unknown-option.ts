// Names of options that do not exist, told with the one that was most likely meant: in the same sentence, whatever was
// called. A misspelt option that is passed over is a rule that somebody believes to be in force.
import { MfaError } from './errors.js';
import { nearest } from './nearest.js';

/** @param path the name, after those of the objects that it stands in */
export function unknownOption(caller: string, path: readonly string[], known: readonly string[]): MfaError {
  const guess = nearest(path.at(-1) ?? '', known);
  const help =
    guess === undefined
      ? `Known are: ${known.join(', ')}.`
      : `Did you mean \`${[...path.slice(0, -1), guess].join('.')}\`?`;
  return new MfaError('config.unknown_option', `${caller}: there is no option \`${path.join('.')}\`. ${help}`);
}

/**
 * Refuses options that are no object, or that `caller` does not have.
 * @throws MfaError `config.unknown_option` with the nearest known name, `config.invalid_option`
 */
export function checkOptionNames(caller: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    const received = options === null ? 'null' : `a value of type ${typeof options}`;
    throw new MfaError('config.invalid_option', `${caller}: the options are ${received}. Give an object.`);
  }
  for (const name of Object.keys(options)) if (!known.includes(name)) throw unknownOption(caller, [name], known);
}
