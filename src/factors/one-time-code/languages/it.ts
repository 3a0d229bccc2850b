// The messages in Italian.
import type { Language } from './language.js';

const which =
  'È il codice n. {{number}}, richiesto il {{time}} da {{ip}}. I codici inviati in precedenza non sono più validi.';
const valid = 'Vale una sola volta, fino a {{until}} ({{minutes}} minuti).';
const secret = 'Inseriscilo solo sulla pagina di {{appName}} e non comunicarlo a nessuno. Noi non lo chiediamo mai.';

export const it: Language = {
  email: {
    MfaVerification: {
      subject: 'Il tuo codice di sicurezza {{appName}} n. {{number}} ({{clock}})',
      paragraphs: [
        'Questo codice di sicurezza conferma a {{appName}} che sei davvero tu:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Se non lo hai richiesto tu, qualcuno conosce la tua password: cambiala e ignora questo codice.',
      ],
    },
    BindMFA: {
      subject: 'Conferma questo indirizzo per {{appName}}: codice n. {{number}} ({{clock}})',
      paragraphs: [
        'Questo codice di sicurezza conferma che {{appName}} può inviare i codici di sicurezza a questo indirizzo:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Se non lo hai richiesto tu, ignora questo messaggio: senza il codice non succede nulla.',
      ],
    },
    Notice: {
      subject: 'Avviso di sicurezza da {{appName}}',
      paragraphs: [
        '{{what}}',
        'Quando: {{time}}\nDa: {{where}}',
        'Se riconosci questa attività, non devi fare nulla.',
        '{{howToObject}}',
        '{{objectUrl}}',
      ],
    },
    Generic: {
      subject: 'Messaggio da {{appName}}',
      paragraphs: [
        '{{message}}',
        '{{time}}',
        'Se non aspettavi questo messaggio, ignoralo e non comunicarne a nessuno il contenuto.',
      ],
    },
  },
  sms: {
    MfaVerification:
      '{{code}} è il tuo codice di sicurezza {{appName}} (n. {{number}}, {{clock}}). Vale {{minutes}} min. Non darlo a nessuno.',
    BindMFA:
      '{{code}}: codice di sicurezza per questo telefono su {{appName}} (n. {{number}}, {{clock}}). Vale {{minutes}} min. Non darlo a nessuno.',
    Notice: '{{appName}}: {{what}} {{time}}. {{howToObject}} {{objectUrl}}',
    Generic: '{{appName}}: {{message}}',
  },
  codeIs: 'Il tuo codice è {{code}}.',
  unknown: 'un indirizzo sconosciuto',
};
