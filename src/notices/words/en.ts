// Notices in English.
import type { Words } from './words.js';

export const en: Words = {
  what: {
    'factor-added': 'A method was added to your two-step verification: {{kind}}{{name}}.',
    'factor-removed': 'A method was removed from your two-step verification: {{kind}}{{name}}.',
    'turned-off': 'Two-step verification of your account was turned off. Your password alone now protects it.',
    'backup-code-used': {
      one: 'One of your backup codes was used. {{left}} is left.',
      other: 'One of your backup codes was used. {{left}} are left.',
    },
    'backup-codes-renewed': 'New backup codes were made for your account. The old ones no longer work.',
    'backup-codes-expiring':
      'Your backup codes expire on {{date}}. Make new ones on the security page of your account.',
    'address-changed': 'The address for your security codes was changed: {{kind}}{{name}}.',
    'address-kept':
      'Another address was entered for you in your organisation. Your security codes still go to the one before: {{kind}}.',
    'admin-suspended': 'The directory of your organisation suspended an administrator{{name}}.',
    reset: 'An administrator reset the two-step verification of your account.',
    failures: {
      one: 'Somebody entered {{left}} incorrect code for your account. They may know your password.',
      other: 'Somebody entered {{left}} incorrect codes for your account. They may know your password.',
    },
    'lane-closed': 'Sign-in with codes from unknown browsers was blocked after too many incorrect codes.',
    'authenticator-disabled': 'A method was disabled after too many incorrect codes: {{kind}}{{name}}.',
    'browser-trust-ended': 'A browser is no longer trusted: an old copy of its cookie was used, or an answer was lost.',
    'browser-trusted': 'A browser was marked as trusted: it is not asked to verify for a while.',
    'sign-in-step-off': 'Signing in to your account no longer asks for two-step verification: the password is enough.',
    'authenticator-flagged': 'One of your methods may have been copied: {{kind}}{{name}}.',
    recovery: 'Your account was recovered: {{kind}}{{name}}.',
    'recovery-approved': 'An administrator approved a sign-in to your account by a backup code.',
    'recovery-denied': 'An administrator turned down a sign-in to your account by a backup code.',
    exempted: 'You need not set up two-step verification before {{date}}.',
    'exemption-ended': 'You are asked to set up two-step verification again.',
    'backup-codes-owed': 'You will be asked to make new backup codes when you next sign in.',
    unlocked: 'An administrator opened the locks of your account: incorrect codes of before no longer count.',
    'browser-trust-revoked': 'An administrator ended the trust in your browsers: you will be asked to verify again.',
    'sign-ins-ended': 'An administrator signed you out everywhere.',
    'upstream-forgotten':
      'An administrator freed the link of your account to an identity provider: who next signs in as you there is linked to it.',
    'enrollment-granted':
      'An administrator made a code with which two-step verification can be set up for your account.',
    'pass-issued': 'Support issued a pass with which you can sign in to your account once.',
    'pass-used': 'Somebody signed in to your account with a pass from support.',
    released:
      'An administrator lets your account go on: nothing is held back because of a support pass or an unusual sign-in.',
    'unusual-sign-in': 'A sign-in to your account looks unusual{{signals}}. If it was not you, change your password.',
    resumed: 'Your account is no longer suspended.',
    suspended: 'Your account was suspended.',
  },
  often: '{{count}} times within an hour: more of them will only be counted.',
  untold: {
    one: 'It happened {{count}} more time since the last message.',
    other: 'It happened {{count}} more times since the last message.',
  },
  kinds: {
    totp: 'authenticator app',
    webauthn: 'passkey',
    email: 'security codes by e-mail',
    sms: 'security codes by text message',
    'backup-codes': 'backup codes',
  },
  signals: {
    address: 'suspicious address',
    change: 'password or address changed lately',
    country: 'new country',
    device: 'new browser or system',
    dormant: 'after a long time',
    failures: 'incorrect codes',
    network: 'new network',
    travel: 'far from the last one',
  },
  ipAddress: 'IP address',
  on: 'on',
  unknown: 'unknown',
  objectAt: 'If this was not you, say so on this page:',
  object: 'If this was not you, change your password and check the security page of your account.',
  shortObjectAt: 'Not you?',
  shortObject: 'Not you? Change your password.',
};
