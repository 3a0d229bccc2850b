// Notices in German.
import type { Words } from './words.js';

export const de: Words = {
  what: {
    'factor-added': 'Ihrem Konto wurde ein Anmeldeschritt hinzugefügt: {{kind}}{{name}}.',
    'factor-removed': 'Von Ihrem Konto wurde ein Anmeldeschritt entfernt: {{kind}}{{name}}.',
    'backup-code-used': 'Einer Ihrer Backup-Codes wurde verwendet. Es bleiben {{left}}.',
    'backup-codes-renewed': 'Für Ihr Konto wurden neue Backup-Codes erstellt. Die alten gelten nicht mehr.',
    'backup-codes-expiring':
      'Ihre Backup-Codes laufen am {{date}} ab. Erstellen Sie neue auf der Sicherheitsseite Ihres Kontos.',
    'address-changed': 'Die Adresse für Ihre Anmeldecodes wurde geändert: {{kind}}{{name}}.',
    reset: 'Die 2-Schritt-Bestätigung Ihres Kontos wurde zurückgesetzt.',
    failures: 'Jemand hat {{left}} falsche Codes für Ihr Konto eingegeben und kennt vielleicht Ihr Passwort.',
    'lane-closed': 'Die Anmeldung mit Codes aus unbekannten Browsern wurde nach zu vielen falschen Codes gesperrt.',
    'authenticator-disabled':
      'Ein Anmeldeschritt wurde nach zu vielen falschen Codes ausser Betrieb gesetzt: {{kind}}{{name}}.',
    'browser-trusted': 'Ein Browser gilt nun als vertrauenswürdig und wird eine Zeit lang nicht mehr gefragt.',
    recovery: 'Ihr Konto wurde wiederhergestellt: {{kind}}{{name}}.',
  },
  kinds: {
    totp: 'Authenticator-App',
    webauthn: 'Passkey',
    email: 'Codes per E-Mail',
    sms: 'Codes per SMS',
    'backup-codes': 'Backup-Codes',
  },
  ipAddress: 'IP-Adresse',
  on: 'auf',
  unknown: 'unbekannt',
  objectAt: 'Waren Sie das nicht, melden Sie es auf dieser Seite:',
  object: 'Waren Sie das nicht, ändern Sie Ihr Passwort und prüfen Sie die Sicherheitsseite Ihres Kontos.',
  shortObjectAt: 'Nicht Sie?',
  shortObject: 'Nicht Sie? Passwort ändern.',
};
