// What is wrong with an option, in our words: what was received, never the value of a text, and what it takes. Knows the
// findings of `validation.ts` as plain data.
import { policies } from './core/kernel/policy.js';
import { presets } from './core/words/presets.js';

/** What options of several shapes take; joi only says that none fits. */
const alternatives: { readonly [option: string]: string } = {
  policy: `one of ${policies.map((policy) => JSON.stringify(policy)).join(', ')}, or a function (user) => policy`,
  graceUntil: 'a Date, or a function (user) => Date',
  trustBrowser: 'false, or { days } with days from 1 to 90',
  preset: `one of ${presets.join(', ')}, or a list of them`,
  allow: 'paths such as /help or /r/:id, or { method, path }',
};

/** What was found by joi: which rule, and with what. */
type Finding = { type: string; context?: { [name: string]: unknown } | undefined };

/** @param name of the option, with those of the objects that it stands in; empty for the options themselves */
export function sentenceOf({ type, context }: Finding, name: string): string {
  const option = name === '' ? 'the options' : `\`${name}\``;
  if (type === 'any.required') return `${option} ${name === '' ? 'are' : 'is'} missing.`;
  const received = describeValue(context?.['value']);
  const valids = context?.['valids'] as unknown[] | undefined;
  if (valids)
    return `${option} is ${received}; it takes one of ${valids.map((valid) => JSON.stringify(valid)).join(', ')}.`;
  const either = alternatives[name.split('.', 1)[0] ?? ''];
  if (either !== undefined && (type.startsWith('alternatives.') || type === 'array.includes'))
    return `${option} is ${received}; it takes ${either}.`;
  const fault = context?.['fault'];
  if (typeof fault === 'string') return `${option} ${fault}`;
  const wanted: unknown = context?.['name'] ?? context?.['limit'];
  const rule = type.split('.')[1] ?? type;
  const rules: { [rule: string]: string } = {
    min: 'at least',
    max: 'at most',
    name: '',
    base: /^[aeiou]/.test(type) ? `an ${type.split('.')[0] ?? ''}` : `a ${type.split('.')[0] ?? ''}`,
    of: 'a function',
  };
  return `${option} is ${received}; it takes ${`${rules[rule] ?? ''} ${typeof wanted === 'string' || typeof wanted === 'number' ? wanted : ''}`.trim() || 'something else'}.`;
}

/** The type and size of a value, never the value of a text: it may be a secret. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'function' ? 'a function' : `a value of type ${typeof value}`;
}
