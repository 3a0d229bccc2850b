// The messages in German.
import type { Language } from './language.js';

const which =
  'Es ist Code Nr. {{number}}, angefordert am {{time}} von {{ip}}. Früher gesendete Codes gelten nicht mehr.';
const valid = 'Er gilt einmal, bis {{until}} ({{minutes}} Minuten).';
const secret =
  'Geben Sie ihn nur auf der Seite von {{appName}} selbst ein und nennen Sie ihn niemandem. Wir fragen nie danach.';

export const de: Language = {
  email: {
    MfaVerification: {
      subject: 'Ihr Sicherheitscode Nr. {{number}} für {{appName}} ({{clock}})',
      paragraphs: [
        'Mit diesem Sicherheitscode bestätigen Sie bei {{appName}}, dass Sie es sind:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Waren Sie das nicht, kennt jemand Ihr Passwort: Ändern Sie es und beachten Sie diesen Code nicht.',
      ],
    },
    BindMFA: {
      subject: 'Bestätigen Sie diese Adresse für {{appName}}: Code Nr. {{number}} ({{clock}})',
      paragraphs: [
        'Mit diesem Sicherheitscode bestätigen Sie, dass {{appName}} Ihre Sicherheitscodes an diese Adresse senden darf:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Waren Sie das nicht, beachten Sie diese Nachricht nicht: Ohne den Code geschieht nichts.',
      ],
    },
    Notice: {
      subject: 'Sicherheitshinweis von {{appName}}',
      paragraphs: [
        '{{what}}',
        'Wann: {{time}}\nVon: {{where}}',
        'Waren Sie das selbst, ist nichts zu tun.',
        '{{howToObject}}',
        '{{objectUrl}}',
      ],
    },
    Generic: {
      subject: 'Nachricht von {{appName}}',
      paragraphs: [
        '{{message}}',
        '{{time}}',
        'Haben Sie diese Nachricht nicht erwartet, beachten Sie sie nicht und geben Sie nichts daraus weiter.',
      ],
    },
  },
  sms: {
    MfaVerification:
      '{{code}} ist Ihr Sicherheitscode für {{appName}} (Nr. {{number}}, {{clock}}). {{minutes}} Min. gültig. Nie weitergeben.',
    BindMFA:
      '{{code}}: Sicherheitscode für dieses Telefon bei {{appName}} (Nr. {{number}}, {{clock}}). {{minutes}} Min. gültig. Nie weitergeben.',
    Notice: '{{appName}}: {{what}} {{time}}. {{howToObject}} {{objectUrl}}',
    Generic: '{{appName}}: {{message}}',
  },
  codeIs: 'Ihr Code lautet {{code}}.',
  unknown: 'einer unbekannten Adresse',
};
