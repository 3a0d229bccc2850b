// Renders an SMS: one segment wherever it can be, and a last line that binds the code to the app's origin, so that a
// browser offers it there and nowhere else (WICG "Origin-bound one-time codes delivered via SMS").
import { renderText } from '../one-time-code/messages.js';
import type { Book, Rendered, ValuesIn } from '../one-time-code/messages.js';
import type { Usage } from '../one-time-code/templates.js';
import { measureSms, plainPunctuation, toGsm7 } from './gsm7.js';
import { urlOf } from '../../core/words/url.js';

/** `@example.com #123456`: one space, no scheme, no port, nothing after it. */
export function bindingLine(host: string, code: string): string {
  return `@${host} #${code}`;
}

/** The host that codes are bound to: the option, or that of the app's first origin; without either, this machine. */
export function hostOf(origins: readonly string[], host: string | undefined): string {
  const origin = origins[0];
  return host ?? urlOf(origin ?? '')?.hostname ?? 'localhost';
}

/**
 * Renders a message and, with `binding`, ends it with the binding line. Where a long or foreign app name is what makes
 * it longer than one segment, the name is written in the GSM alphabet and shortened; a template of the host app's that
 * is too long by itself is sent as it is.
 */
export function renderShortMessage(
  book: Book,
  usage: Usage,
  locale: string,
  valuesIn: ValuesIn,
  binding?: { host: string; code: string },
): Rendered {
  const compose = (nameOf: (appName: string) => string): Rendered => {
    const rendered = renderText(book, usage, locale, (language) => {
      const values = { ...valuesIn(language), ...(binding ? { host: binding.host } : {}) };
      return { ...values, appName: nameOf(values.appName ?? '') };
    });
    const text = plainPunctuation(rendered.text);
    return { ...rendered, text: binding ? `${text}\n\n${bindingLine(binding.host, binding.code)}` : text };
  };
  const whole = compose((appName) => appName);
  if (measureSms(whole.text).segments === 1) return whole;
  for (let length = 40; length >= 0; length -= 2) {
    const shortened = compose((appName) => shortName(appName, length));
    if (measureSms(shortened.text).segments === 1) return shortened;
  }
  return whole;
}

/** A name that the alphabet cannot write at all becomes empty: the binding line says whose code it is. */
function shortName(appName: string, length: number): string {
  const name = toGsm7(appName);
  return name.length <= length ? name : `${name.slice(0, Math.max(0, length - 1)).trimEnd()}.`;
}
