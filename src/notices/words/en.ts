// Notices in English.
import type { Words } from './words.js';

export const en: Words = {
  what: {
    'factor-added': 'A sign-in step was added to your account: {{kind}}{{name}}.',
    'factor-removed': 'A sign-in step was removed from your account: {{kind}}{{name}}.',
    'backup-code-used': 'One of your backup codes was used. {{left}} are left.',
    'backup-codes-renewed': 'New backup codes were made for your account. The old ones no longer work.',
    'backup-codes-expiring':
      'Your backup codes expire on {{date}}. Make new ones on the security page of your account.',
    'address-changed': 'The address for your sign-in codes was changed: {{kind}}{{name}}.',
    reset: 'The 2-step verification of your account was reset.',
    failures: 'Somebody entered {{left}} wrong codes for your account. They may know your password.',
    'lane-closed': 'Sign-in with codes from unknown browsers was blocked after too many wrong codes.',
    'authenticator-disabled': 'A sign-in step was disabled after too many wrong codes: {{kind}}{{name}}.',
    'browser-trusted': 'A browser was marked as trusted: it is not asked for the second step for a while.',
    recovery: 'Your account was recovered: {{kind}}{{name}}.',
  },
  kinds: {
    totp: 'authenticator app',
    webauthn: 'passkey',
    email: 'codes by e-mail',
    sms: 'codes by SMS',
    'backup-codes': 'backup codes',
  },
  ipAddress: 'IP address',
  on: 'on',
  unknown: 'unknown',
  objectAt: 'If this was not you, say so on this page:',
  object: 'If this was not you, change your password and check the security page of your account.',
  shortObjectAt: 'Not you?',
  shortObject: 'Not you? Change your password.',
};
