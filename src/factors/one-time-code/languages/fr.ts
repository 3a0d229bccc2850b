// The messages in French.
import type { Language } from './language.js';

const which =
  'C’est le code nº {{number}}, demandé le {{time}} depuis {{ip}}. Les codes envoyés auparavant ne sont plus valables.';
const valid = 'Il sert une seule fois, jusqu’au {{until}} ({{minutes}} minutes).';
const secret =
  'Saisissez-le uniquement sur la page de {{appName}} et ne le communiquez à personne. Nous ne le demandons jamais.';

export const fr: Language = {
  email: {
    MfaVerification: {
      subject: 'Votre code de sécurité {{appName}} nº {{number}} ({{clock}})',
      paragraphs: [
        'Ce code de sécurité confirme auprès de {{appName}} qu’il s’agit bien de vous :',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Si ce n’était pas vous, quelqu’un connaît votre mot de passe : changez-le et ignorez ce code.',
      ],
    },
    BindMFA: {
      subject: 'Confirmez cette adresse pour {{appName}} : code nº {{number}} ({{clock}})',
      paragraphs: [
        'Ce code de sécurité confirme que {{appName}} peut envoyer vos codes de sécurité à cette adresse :',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Si ce n’était pas vous, ignorez ce message : sans le code, rien ne se passe.',
      ],
    },
    Notice: {
      subject: 'Avis de sécurité de {{appName}}',
      paragraphs: [
        '{{what}}',
        'Quand : {{time}}\nDepuis : {{where}}',
        'Si c’était vous, il n’y a rien à faire.',
        '{{howToObject}}',
        '{{objectUrl}}',
      ],
    },
    Generic: {
      subject: 'Message de {{appName}}',
      paragraphs: [
        '{{message}}',
        '{{time}}',
        'Si vous n’attendiez pas ce message, ignorez-le et n’en communiquez rien à personne.',
      ],
    },
  },
  sms: {
    MfaVerification:
      '{{code}} : votre code de sécurité {{appName}} (no {{number}}, {{clock}}). Valable {{minutes}} min. Ne le donnez jamais.',
    BindMFA:
      '{{code}} : code de sécurité pour ajouter ce mobile à {{appName}} (no {{number}}, {{clock}}). Valable {{minutes}} min. Gardez-le secret.',
    Notice: '{{appName}} : {{what}} {{time}}. {{howToObject}} {{objectUrl}}',
    Generic: '{{appName}} : {{message}}',
  },
  codeIs: 'Votre code est {{code}}.',
  unknown: 'une adresse inconnue',
};
