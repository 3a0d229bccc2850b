// Notices in French.
import type { Words } from './words.js';

export const fr: Words = {
  what: {
    'factor-added': 'Une étape de connexion a été ajoutée à votre compte : {{kind}}{{name}}.',
    'factor-removed': 'Une étape de connexion a été retirée de votre compte : {{kind}}{{name}}.',
    'backup-code-used': 'Un de vos codes de secours a été utilisé. Il en reste {{left}}.',
    'backup-codes-renewed': 'De nouveaux codes de secours ont été créés. Les anciens ne sont plus valables.',
    'backup-codes-expiring':
      'Vos codes de secours expirent le {{date}}. Créez-en de nouveaux sur la page de sécurité de votre compte.',
    'address-changed': 'L’adresse de vos codes de connexion a été modifiée : {{kind}}{{name}}.',
    reset: 'La vérification en deux étapes de votre compte a été réinitialisée.',
    failures: 'Quelqu’un a saisi {{left}} codes erronés pour votre compte et connait sans doute votre mot de passe.',
    'lane-closed': 'La connexion par code depuis des navigateurs inconnus a été bloquée après trop de codes erronés.',
    'authenticator-disabled': 'Étape de connexion désactivée après trop de codes erronés : {{kind}}{{name}}.',
    'browser-trusted': 'Un navigateur est désormais de confiance : la seconde étape ne lui est plus demandée un temps.',
    recovery: 'Votre compte a été récupéré : {{kind}}{{name}}.',
  },
  kinds: {
    totp: 'application d’authentification',
    webauthn: 'clé d’accès',
    email: 'codes par e-mail',
    sms: 'codes par SMS',
    'backup-codes': 'codes de secours',
  },
  ipAddress: 'adresse IP',
  on: 'sur',
  unknown: 'inconnu',
  objectAt: 'Si ce n’était pas vous, signalez-le sur cette page :',
  object: 'Si ce n’était pas vous, changez votre mot de passe et vérifiez la page de sécurité de votre compte.',
  shortObjectAt: 'Pas vous ?',
  shortObject: 'Pas vous ? Changez de mot de passe.',
};
