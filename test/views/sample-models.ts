// A realistic model for every view, with its variants: what the tests of the templates render, and what a real browser
// looks at in every language.
import type { Words } from '../../middleware/pages/messages.js';
import type { PageFacts } from '../../middleware/pages/view-model.js';
import { addAdminSamples } from './sample-admin.js';
import { addAccountSamples } from './sample-account.js';
import { sampleFrame } from './sample-frame.js';
import type { Sample } from './sample-frame.js';
import { addSetupSamples } from './sample-setup.js';
import { addStopSamples } from './sample-stops.js';
import { addVerifySamples } from './sample-verify.js';

export type { Sample } from './sample-frame.js';

/** Every view in every state that looks different, in the language of `words`. */
export function sampleModels(words: Words, assets: PageFacts['assets'], facts: Partial<PageFacts> = {}): Sample[] {
  const samples: Sample[] = [];
  const frame = sampleFrame(words, assets, facts, samples);
  addVerifySamples(frame);
  addSetupSamples(frame);
  addAccountSamples(frame);
  addStopSamples(frame);
  addAdminSamples(frame);
  return samples;
}
