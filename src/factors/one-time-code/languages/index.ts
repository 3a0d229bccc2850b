// The languages that messages are shipped in. Typed data rather than files, so that both builds carry them.
import { de } from './de.js';
import { en } from './en.js';
import { fr } from './fr.js';
import { it } from './it.js';
import type { Language } from './language.js';

export const languages: { [language: string]: Language } = { de, en, fr, it };
