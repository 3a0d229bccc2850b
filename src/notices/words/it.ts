// Notices in Italian.
import type { Words } from './words.js';

export const it: Words = {
  what: {
    'factor-added': 'Alla tua verifica in due passaggi è stato aggiunto un metodo: {{kind}}{{name}}.',
    'factor-removed': 'Dalla tua verifica in due passaggi è stato rimosso un metodo: {{kind}}{{name}}.',
    'turned-off': 'La verifica in due passaggi è stata disattivata. Solo la password protegge il tuo account.',
    'backup-code-used': {
      one: 'Uno dei tuoi codici di backup è stato usato. Ne resta {{left}}.',
      other: 'Uno dei tuoi codici di backup è stato usato. Ne restano {{left}}.',
    },
    'backup-codes-renewed': 'Sono stati creati nuovi codici di backup. I vecchi non sono più validi.',
    'backup-codes-expiring':
      'Scadenza dei tuoi codici di backup: {{date}}. Creane di nuovi nella pagina di sicurezza del tuo account.',
    'address-changed': 'L’indirizzo per i tuoi codici di sicurezza è stato modificato: {{kind}}{{name}}.',
    'address-kept':
      'Nella tua organizzazione è stato registrato un altro indirizzo per te. I tuoi codici di sicurezza vanno ancora a quello di prima: {{kind}}.',
    'admin-suspended': 'La directory della tua organizzazione ha sospeso un amministratore{{name}}.',
    reset: 'L’amministrazione ha reimpostato la verifica in due passaggi del tuo account.',
    failures: {
      one: 'Qualcuno ha inserito {{left}} codice errato per il tuo account e forse conosce la tua password.',
      other: 'Qualcuno ha inserito {{left}} codici errati per il tuo account e forse conosce la tua password.',
    },
    'lane-closed': 'L’accesso con codici da browser sconosciuti è stato bloccato dopo troppi codici errati.',
    'authenticator-disabled': 'Un metodo è stato disattivato dopo troppi codici errati: {{kind}}{{name}}.',
    'browser-trust-ended': 'Un browser non è più attendibile: usata una vecchia copia, o risposta persa.',
    'browser-trusted': 'Un browser è stato salvato come attendibile: per un po’ lì non verrà chiesta la verifica.',
    'sign-in-step-off': 'L’accesso al tuo account non richiede più la verifica in due passaggi: basta la password.',
    'authenticator-flagged': 'Uno dei tuoi metodi è stato forse copiato: {{kind}}{{name}}.',
    recovery: 'Il tuo account è stato recuperato: {{kind}}{{name}}.',
    'recovery-approved': 'L’amministrazione ha approvato un accesso al tuo account con un codice di backup.',
    'recovery-denied': 'L’amministrazione ha rifiutato un accesso al tuo account con un codice di backup.',
    exempted: 'Non devi configurare la verifica in due passaggi prima del {{date}}.',
    'exemption-ended': 'Ti viene di nuovo chiesto di configurare la verifica in due passaggi.',
    'backup-codes-owed': 'Al prossimo accesso ti verrà chiesto di creare nuovi codici di backup.',
    unlocked: 'L’amministrazione ha sbloccato il tuo account: i codici errati di prima non contano più.',
    'browser-trust-revoked':
      'L’amministrazione ha tolto la fiducia ai tuoi browser: ti verrà chiesta di nuovo la verifica.',
    'sign-ins-ended': 'L’amministrazione ha chiuso tutte le tue sessioni.',
    'upstream-forgotten':
      'L’amministrazione ha scollegato il tuo account da un provider di identità: il prossimo account che vi accede a tuo nome sarà collegato.',
    'enrollment-granted':
      'L’amministrazione ha creato un codice con cui si può configurare la verifica in due passaggi per il tuo account.',
    'pass-issued': 'L’assistenza ha emesso un pass con cui puoi accedere una volta al tuo account.',
    'pass-used': 'Qualcuno ha effettuato l’accesso al tuo account con un pass dell’assistenza.',
    released: 'Il tuo account è sbloccato: niente è più limitato per un pass dell’assistenza o un accesso insolito.',
    'unusual-sign-in': 'Un accesso al tuo account sembra insolito{{signals}}. Se non eri tu, cambia la password.',
    resumed: 'Il tuo account non è più sospeso.',
    suspended: 'Il tuo account è stato sospeso.',
  },
  often: '{{count}} volte in un’ora: le altre saranno solo contate.',
  untold: {
    one: 'È successo {{count}} altra volta dall’ultimo messaggio.',
    other: 'È successo {{count}} altre volte dall’ultimo messaggio.',
  },
  kinds: {
    totp: 'app di autenticazione',
    webauthn: 'passkey',
    email: 'codici di sicurezza via e-mail',
    sms: 'codici di sicurezza via SMS',
    'backup-codes': 'codici di backup',
  },
  signals: {
    address: 'indirizzo sospetto',
    change: 'password o indirizzo cambiati di recente',
    country: 'nuovo paese',
    device: 'browser o sistema nuovo',
    dormant: 'dopo molto tempo',
    failures: 'codici errati',
    network: 'nuova rete',
    travel: 'lontano dal precedente',
  },
  ipAddress: 'indirizzo IP',
  on: 'su',
  unknown: 'sconosciuto',
  objectAt: 'Se non riconosci questa attività, segnalalo in questa pagina:',
  object: 'Se non riconosci questa attività, cambia la password e controlla la pagina di sicurezza del tuo account.',
  shortObjectAt: 'Non eri tu?',
  shortObject: 'Non eri tu? Cambia la password.',
};
