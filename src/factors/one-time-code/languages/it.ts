// The messages in Italian.
import type { Language } from './language.js';

const which =
  'È il codice n. {{number}}, richiesto il {{time}} da {{ip}}. I codici inviati in precedenza non sono più validi.';
const valid = 'Vale una sola volta, fino a {{until}} ({{minutes}} minuti).';
const secret = 'Inseriscilo solo sulla pagina di {{appName}} e non comunicarlo a nessuno. Noi non lo chiediamo mai.';

export const it: Language = {
  email: {
    MfaVerification: {
      subject: 'Il tuo codice di verifica {{appName}}',
      paragraphs: [
        'Questo codice conferma a {{appName}} che sei davvero tu:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Se non sei stato tu, qualcuno conosce la tua password: cambiala e ignora questo codice.',
      ],
    },
    BindMFA: {
      subject: 'Conferma questo indirizzo per {{appName}}',
      paragraphs: [
        'Questo codice conferma che {{appName}} può inviare i codici di accesso a questo indirizzo:',
        '{{code}}',
        `${valid} ${which}`,
        secret,
        'Se non sei stato tu, ignora questo messaggio: senza il codice non succede nulla.',
      ],
    },
    Notice: {
      subject: 'Avviso di sicurezza da {{appName}}',
      paragraphs: [
        '{{what}}',
        'Quando: {{time}}\nDa: {{where}}',
        'Se sei stato tu, non devi fare nulla.',
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
      '{{code}} è il codice {{appName}} per confermare che sei tu (n. {{number}}, {{clock}}). Vale {{minutes}} min. Non darlo a nessuno.',
    BindMFA:
      '{{code}} è il codice per aggiungere questo telefono a {{appName}} (n. {{number}}, {{clock}}). Vale {{minutes}} min. Non darlo a nessuno.',
    Notice: '{{appName}}: {{what}} {{time}}. {{howToObject}} {{objectUrl}}',
    Generic: '{{appName}}: {{message}}',
  },
  codeIs: 'Il tuo codice è {{code}}.',
  unknown: 'un indirizzo sconosciuto',
};
