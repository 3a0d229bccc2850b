// The one heading of each page, which is also its document title. Kept apart from the templates because the layout,
// ours or the host's, must know it before the content stands.
import type { PageModel, ViewModels, ViewName } from './view-model.js';

const exceptions: { [V in ViewName]?: (model: ViewModels[V]) => string } = {
  'setup/index': ({ t, purpose, ways }) =>
    t([
      // The link that leads here says so too.
      ...(purpose === 'choose' && ways.some(({ enrolled }) => enrolled) ? ['title.setup.index.suggest-another'] : []),
      ...(ways.length === 1 ? [`title.setup.index.${purpose}.${ways[0]?.kind ?? ''}`] : []),
      `title.setup.index.${purpose}`,
    ]),
  'setup/email': ({ t, step }) => t(`title.setup.email.${step ?? 'code'}`),
  'setup/sms': ({ t, step }) => t(`title.setup.sms.${step ?? 'code'}`),
  'manage/remove': ({ t, authenticator, leaves }) =>
    t([
      `title.manage.remove.${authenticator.kind}`,
      ...(leaves === 'others' ? [] : ['title.manage.remove.last']),
      'title.manage.remove',
    ]),
  object: ({ t, step, what = '', did = '' }) => t(objectTitles(step, what, did)),
  repeat: ({ t, step }) => t(`title.repeat.${step}`),
  wait: ({ t, action, signInAction }) => t((action ?? signInAction) ? 'title.wait.approved' : 'title.wait'),
  'step-up': ({ t, code }) => t([`title.step-up.${code}`, 'title.step-up']),
  'admin/person': ({ name }) => name,
  'admin/code': ({ t, action }) => t(`title.admin.code.${action}`),
  error: ({ t, error, status }) => t([`title.error.${error.code}`, `title.error.${status}`, 'title.error']),
};

/** "This wasn't me": a question of its own for each kind of notice; afterwards what was done, most exact first. */
function objectTitles(step: string, what: string, did: string): string[] {
  const title = `title.object.${step}`;
  if (step === 'done') return [`${title}.${did}.${what}`, `${title}.${did}`, title];
  return [step === 'ask' ? `${title}.${what}` : title];
}

/** The heading of `view` in the person's language. */
export function titleOf(view: ViewName, model: PageModel): string {
  const own = exceptions[view] as ((model: PageModel) => string) | undefined;
  return own ? own(model) : model.t(`title.${view.replace('/', '.')}`);
}
