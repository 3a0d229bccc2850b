// The messages in English.
import type { Language } from './language.js';

const which = 'It is code no. {{number}}, requested on {{time}} from {{ip}}. Codes sent before it no longer work.';
const valid = 'It works once, until {{until}} ({{minutes}} minutes).';

export const en: Language = {
  email: {
    MfaVerification: {
      subject: 'Your {{appName}} security code no. {{number}} ({{clock}})',
      paragraphs: [
        'This security code confirms at {{appName}} that it is you:',
        '{{code}}',
        `${valid} ${which}`,
        'Enter it only on {{appName}}’s own page, and tell it to nobody. We never ask for it.',
        'If this was not you, somebody knows your password: change it, and ignore this code.',
      ],
    },
    BindMFA: {
      subject: 'Confirm this address for {{appName}}: code no. {{number}} ({{clock}})',
      paragraphs: [
        'This security code confirms that {{appName}} may send your security codes to this address:',
        '{{code}}',
        `${valid} ${which}`,
        'Enter it only on {{appName}}’s own page, and tell it to nobody. We never ask for it.',
        'If this was not you, ignore this message: without the code nothing happens.',
      ],
    },
    Notice: {
      subject: 'Security notice from {{appName}}',
      paragraphs: [
        '{{what}}',
        'When: {{time}}\nFrom: {{where}}',
        'If this was you, there is nothing to do.',
        '{{howToObject}}',
        '{{objectUrl}}',
      ],
    },
    Generic: {
      subject: 'Message from {{appName}}',
      paragraphs: [
        '{{message}}',
        '{{time}}',
        'If you did not expect this message, ignore it and tell nobody what it says.',
      ],
    },
  },
  sms: {
    MfaVerification:
      '{{code}} is your {{appName}} security code (no. {{number}}, {{clock}}). Valid {{minutes}} min. Tell it to nobody.',
    BindMFA:
      '{{code}} is your security code to add this phone to {{appName}} (no. {{number}}, {{clock}}). Valid {{minutes}} min. Tell it to nobody.',
    Notice: '{{appName}}: {{what}} {{time}}. {{howToObject}} {{objectUrl}}',
    Generic: '{{appName}}: {{message}}',
  },
  codeIs: 'Your code is {{code}}.',
  unknown: 'an unknown address',
};
