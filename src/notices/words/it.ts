// Notices in Italian.
import type { Words } from './words.js';

export const it: Words = {
  what: {
    'factor-added': 'Al tuo account è stato aggiunto un passaggio di accesso: {{kind}}{{name}}.',
    'factor-removed': 'Dal tuo account è stato rimosso un passaggio di accesso: {{kind}}{{name}}.',
    'backup-code-used': 'Uno dei tuoi codici di backup è stato usato. Ne restano {{left}}.',
    'backup-codes-renewed': 'Sono stati creati nuovi codici di backup. I vecchi non sono più validi.',
    'backup-codes-expiring':
      'Scadenza dei tuoi codici di backup: {{date}}. Creane di nuovi nella pagina di sicurezza del tuo account.',
    'address-changed': 'L’indirizzo per i tuoi codici di accesso è stato cambiato: {{kind}}{{name}}.',
    reset: 'La verifica in due passaggi del tuo account è stata azzerata.',
    failures: 'Qualcuno ha inserito {{left}} codici errati per il tuo account e forse conosce la tua password.',
    'lane-closed': 'L’accesso con codici da browser sconosciuti è stato bloccato dopo troppi codici errati.',
    'authenticator-disabled':
      'Un passaggio di accesso è stato disattivato dopo troppi codici errati: {{kind}}{{name}}.',
    'browser-trusted': 'Un browser è stato contrassegnato come attendibile: per un po’ salterà il secondo passaggio.',
    recovery: 'Il tuo account è stato recuperato: {{kind}}{{name}}.',
  },
  kinds: {
    totp: 'app di autenticazione',
    webauthn: 'passkey',
    email: 'codici via e-mail',
    sms: 'codici via SMS',
    'backup-codes': 'codici di backup',
  },
  ipAddress: 'indirizzo IP',
  on: 'su',
  unknown: 'sconosciuto',
  objectAt: 'Se non sei stato tu, segnalalo in questa pagina:',
  object: 'Se non sei stato tu, cambia la password e controlla la pagina di sicurezza del tuo account.',
  shortObjectAt: 'Non sei tu?',
  shortObject: 'Non sei tu? Cambia la password.',
};
