// What every sample shares: the person, the moment, the app, and how a sample is added and a refusal worded.
import { pageError } from '../../middleware/pages/page-errors.js';
import type { Words } from '../../middleware/pages/messages.js';
import { pageModel } from '../../middleware/pages/view-model.js';
import type {
  FactorFacts,
  PageError,
  PageFacts,
  PageModel,
  ViewModels,
  ViewName,
} from '../../middleware/pages/view-model.js';
import type { ErrorCode, ErrorDetails } from '../../src/core/words/errors.js';

/** `name` tells the variants of a view apart. */
export type Sample = { [V in ViewName]: { name: string; view: V; model: ViewModels[V]; status: number } }[ViewName];

export const day = 86_400;
export const now = Date.UTC(2026, 10, 21, 14, 5) / 1000;
export const base = '/mfa';
export const to = (path: string) => `${base}/${path}`;

export const sentMail: FactorFacts = {
  masked: 'al***@example.com',
  sentAt: now,
  expiresAt: now + 600,
  digits: 6,
  number: 2,
};
export const sentText: FactorFacts = { masked: '***67', sentAt: now, expiresAt: now + 600, digits: 6, number: 1 };

export type Frame = {
  words: Words;
  page: PageModel;
  add: <V extends ViewName>(name: string, view: V, model: ViewModels[V], status?: number) => void;
  wrong: (code: ErrorCode, details?: ErrorDetails, field?: string) => { error: PageError };
};

export function sampleFrame(
  words: Words,
  assets: PageFacts['assets'],
  facts: Partial<PageFacts>,
  into: Sample[],
): Frame {
  const person = { appName: 'Acme', csrfToken: 'Jq3v0Yw6b1TnK5s8', signedInAs: 'al***@example.com' };
  return {
    words,
    page: pageModel({ words, assets, base, ...person, ...facts }),
    add: (name, view, model, status = 200) => void into.push({ name, view, model, status } as Sample),
    wrong: (...refusal) => ({ error: pageError({ ...words, t: words.forPages }, ...refusal) }),
  };
}
