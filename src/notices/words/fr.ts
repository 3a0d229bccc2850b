// Notices in French.
import type { Words } from './words.js';

export const fr: Words = {
  what: {
    'factor-added': 'Une méthode a été ajoutée à votre validation en deux étapes : {{kind}}{{name}}.',
    'factor-removed': 'Une méthode a été retirée de votre validation en deux étapes : {{kind}}{{name}}.',
    'turned-off': 'La validation en deux étapes a été désactivée. Seul le mot de passe protège votre compte.',
    'backup-code-used': 'Un de vos codes de secours a été utilisé. Il en reste {{left}}.',
    'backup-codes-renewed': 'De nouveaux codes de secours ont été créés. Les anciens ne sont plus valables.',
    'backup-codes-expiring':
      'Vos codes de secours expirent le {{date}}. Créez-en de nouveaux sur la page de sécurité de votre compte.',
    'address-changed': 'L’adresse de vos codes de sécurité a été modifiée : {{kind}}{{name}}.',
    'address-kept':
      'Une autre adresse a été enregistrée pour vous dans votre organisation. Vos codes de sécurité vont toujours à la précédente : {{kind}}.',
    'admin-suspended': 'L’annuaire de votre organisation a suspendu un administrateur{{name}}.',
    reset: 'L’administration a réinitialisé la validation en deux étapes de votre compte.',
    failures: {
      one: 'Quelqu’un a saisi {{left}} code incorrect pour votre compte et pourrait avoir votre mot de passe.',
      other: 'Quelqu’un a saisi {{left}} codes incorrects pour votre compte et pourrait avoir votre mot de passe.',
    },
    'lane-closed': 'Connexion par code depuis les navigateurs inconnus bloquée après trop de codes incorrects.',
    'authenticator-disabled': 'Une méthode a été désactivée après trop de codes incorrects : {{kind}}{{name}}.',
    'browser-trust-ended': 'Un navigateur n’est plus de confiance : copie ancienne utilisée ou réponse perdue.',
    'browser-trusted':
      'Un navigateur est désormais de confiance : la validation n’y est plus demandée pendant un temps.',
    'sign-in-step-off':
      'La connexion à votre compte ne demande plus la validation en deux étapes : le mot de passe suffit.',
    'authenticator-flagged': 'Copie possible d’une de vos méthodes : {{kind}}{{name}}.',
    recovery: 'Votre compte a été récupéré : {{kind}}{{name}}.',
    'recovery-approved': 'L’administration a approuvé une connexion à votre compte par un code de secours.',
    'recovery-denied': 'L’administration a refusé une connexion à votre compte par un code de secours.',
    exempted: 'Vous n’avez pas à configurer la validation en deux étapes avant le {{date}}.',
    'exemption-ended': 'Il vous est de nouveau demandé de configurer la validation en deux étapes.',
    'backup-codes-owed': 'De nouveaux codes de secours vous seront demandés à la prochaine connexion.',
    unlocked:
      'L’administration a levé les blocages de votre compte : les codes incorrects précédents ne comptent plus.',
    'browser-trust-revoked':
      'L’administration a retiré la confiance à vos navigateurs : la validation vous sera de nouveau demandée.',
    'sign-ins-ended': 'L’administration a fermé toutes vos sessions.',
    'upstream-forgotten':
      'L’administration a dissocié votre compte d’un fournisseur d’identité : le prochain compte qui s’y connectera en votre nom y sera associé.',
    'enrollment-granted':
      'L’administration a créé un code qui permet de configurer la validation en deux étapes pour votre compte.',
    'pass-issued': 'L’assistance a émis un passe qui permet de se connecter une fois à votre compte.',
    'pass-used': 'Quelqu’un s’est connecté à votre compte avec un passe de l’assistance.',
    released:
      'Votre compte est libéré : rien n’est plus limité à cause d’un passe de l’assistance ou d’une connexion inhabituelle.',
    'unusual-sign-in':
      'Une connexion à votre compte semble inhabituelle{{signals}}. Si ce n’était pas vous, changez votre mot de passe.',
    resumed: 'Votre compte n’est plus suspendu.',
    suspended: 'Votre compte a été suspendu.',
  },
  often: '{{count}} fois en une heure : les suivantes seront seulement comptées.',
  untold: {
    one: 'C’est arrivé {{count}} autre fois depuis le dernier message.',
    other: 'C’est arrivé {{count}} autres fois depuis le dernier message.',
  },
  kinds: {
    totp: 'application d’authentification',
    webauthn: 'clé d’accès',
    email: 'codes de sécurité par e-mail',
    sms: 'codes de sécurité par SMS',
    'backup-codes': 'codes de secours',
  },
  signals: {
    address: 'adresse suspecte',
    change: 'mot de passe ou adresse modifiés récemment',
    country: 'nouveau pays',
    device: 'navigateur ou système nouveau',
    dormant: 'après une longue absence',
    failures: 'codes incorrects',
    network: 'nouveau réseau',
    travel: 'loin de la précédente',
  },
  ipAddress: 'adresse IP',
  on: 'sur',
  unknown: 'inconnu',
  objectAt: 'Si ce n’était pas vous, signalez-le sur cette page :',
  object: 'Si ce n’était pas vous, changez votre mot de passe et vérifiez la page de sécurité de votre compte.',
  shortObjectAt: 'Pas vous ?',
  shortObject: 'Pas vous ? Changez de mot de passe.',
};
