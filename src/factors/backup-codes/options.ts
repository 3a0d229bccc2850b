// The options of `backupCodes()`: read once, at start-up.
import { MfaError } from '../../core/words/errors.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { groupsOf, type Strength } from './alphabet.js';

/** Options of backup codes. */
export type BackupCodesOptions = {
  /** Codes in a set, 5 to 20. Default 10. */
  count?: number;
  /** `normal` (default): two groups of four, 39 bits. `high`: four groups, 79 bits. */
  strength?: Strength;
  /** Days until a set expires, 1 to 3650; `null`: never. Default 365. */
  expiresInDays?: number | null;
  /** How a person confirms that the codes are saved: by a tick (default), or by typing one, which does not spend it. */
  confirm?: 'checkbox' | 'type-one';
  /** From how many codes left on people are warned, 0 to 19. Default 3. */
  lowAt?: number;
};

export type BackupCodesConfig = Required<BackupCodesOptions>;

const confirmations: readonly unknown[] = ['checkbox', 'type-one'];

/** @throws MfaError `config.unknown_option`, `config.invalid_option` */
export function readBackupCodesOptions(options: BackupCodesOptions): BackupCodesConfig {
  checkOptionNames('backupCodes()', options, ['count', 'strength', 'expiresInDays', 'confirm', 'lowAt']);
  const { count = 10, strength = 'normal', expiresInDays = 365, confirm = 'checkbox', lowAt = 3 } = options;
  if (!within(count, 5, 20)) refuse('count', count, 'a whole number from 5 to 20');
  if (!Object.hasOwn(groupsOf, strength)) refuse('strength', strength, 'normal, high');
  const limited = expiresInDays === null || within(expiresInDays, 1, 3650);
  if (!limited) refuse('expiresInDays', expiresInDays, 'whole days from 1 to 3650, or null for never');
  if (!confirmations.includes(confirm)) refuse('confirm', confirm, 'checkbox, type-one');
  if (!within(lowAt, 0, count - 1)) refuse('lowAt', lowAt, 'a whole number from 0 to less than `count`');
  return { count, strength, expiresInDays, confirm, lowAt };
}

function within(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function refuse(option: string, got: unknown, wanted: string): never {
  const message = `backupCodes(): \`${option}\` is ${JSON.stringify(got)}; it takes ${wanted}.`;
  throw new MfaError('config.invalid_option', message);
}
