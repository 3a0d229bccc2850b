// Notices in German.
import type { Words } from './words.js';

export const de: Words = {
  what: {
    'factor-added': 'Ihrer Bestätigung in zwei Schritten wurde eine Methode hinzugefügt: {{kind}}{{name}}.',
    'factor-removed': 'Aus Ihrer Bestätigung in zwei Schritten wurde eine Methode entfernt: {{kind}}{{name}}.',
    'turned-off': 'Die Bestätigung in zwei Schritten wurde abgeschaltet. Nur noch das Passwort schützt Ihr Konto.',
    'backup-code-used': {
      one: 'Einer Ihrer Backup-Codes wurde verwendet. Es bleibt {{left}}.',
      other: 'Einer Ihrer Backup-Codes wurde verwendet. Es bleiben {{left}}.',
    },
    'backup-codes-renewed': 'Für Ihr Konto wurden neue Backup-Codes erstellt. Die alten gelten nicht mehr.',
    'backup-codes-expiring':
      'Ihre Backup-Codes laufen am {{date}} ab. Erstellen Sie neue auf der Sicherheitsseite Ihres Kontos.',
    'address-changed': 'Die Adresse für Ihre Sicherheitscodes wurde geändert: {{kind}}{{name}}.',
    'address-kept':
      'In Ihrer Organisation wurde eine andere Adresse für Sie eingetragen. Ihre Sicherheitscodes gehen weiterhin an die bisherige: {{kind}}.',
    'admin-suspended': 'Das Verzeichnis Ihrer Organisation hat einen Administrator gesperrt{{name}}.',
    reset: 'Die Administration hat die Bestätigung in zwei Schritten Ihres Kontos zurückgesetzt.',
    failures: {
      one: 'Jemand hat {{left}} falschen Code für Ihr Konto eingegeben und kennt vielleicht Ihr Passwort.',
      other: 'Jemand hat {{left}} falsche Codes für Ihr Konto eingegeben und kennt vielleicht Ihr Passwort.',
    },
    'lane-closed': 'Die Anmeldung mit Codes aus unbekannten Browsern wurde nach zu vielen falschen Codes gesperrt.',
    'authenticator-disabled': 'Eine Methode wurde nach zu vielen falschen Codes abgeschaltet: {{kind}}{{name}}.',
    'browser-trust-ended':
      'Ein Browser gilt nicht mehr als vertrauenswürdig: alte Kopie benutzt oder Antwort verloren.',
    'browser-trusted':
      'Ein Browser gilt nun als vertrauenswürdig: Eine Zeit lang wird dort keine Bestätigung verlangt.',
    'sign-in-step-off':
      'Die Anmeldung bei Ihrem Konto verlangt keine Bestätigung in zwei Schritten mehr: Das Passwort genügt.',
    'authenticator-flagged': 'Eine Ihrer Methoden wurde vielleicht kopiert: {{kind}}{{name}}.',
    recovery: 'Ihr Konto wurde wiederhergestellt: {{kind}}{{name}}.',
    'recovery-approved': 'Die Administration hat eine Anmeldung an Ihrem Konto mit einem Backup-Code freigegeben.',
    'recovery-denied': 'Die Administration hat eine Anmeldung an Ihrem Konto mit einem Backup-Code abgelehnt.',
    exempted: 'Sie müssen die Bestätigung in zwei Schritten nicht vor dem {{date}} einrichten.',
    'exemption-ended': 'Sie werden wieder gebeten, die Bestätigung in zwei Schritten einzurichten.',
    'backup-codes-owed': 'Bei der nächsten Anmeldung werden Sie gebeten, neue Backup-Codes zu erstellen.',
    unlocked: 'Die Administration hat die Sperren Ihres Kontos geöffnet: Falsche Codes von vorher zählen nicht mehr.',
    'browser-trust-revoked':
      'Die Administration vertraut Ihren Browsern nicht mehr: Sie werden wieder nach einer Bestätigung gefragt.',
    'sign-ins-ended': 'Die Administration hat Sie überall abgemeldet.',
    'upstream-forgotten':
      'Die Administration hat die Verknüpfung Ihres Kontos mit einem Identitätsanbieter gelöst: Wer sich dort als Nächstes für Sie anmeldet, wird damit verknüpft.',
    'enrollment-granted':
      'Die Administration hat einen Code ausgestellt, mit dem die Bestätigung in zwei Schritten für Ihr Konto eingerichtet werden kann.',
    'pass-issued': 'Der Support hat einen Pass ausgestellt, mit dem Sie sich einmal bei Ihrem Konto anmelden können.',
    'pass-used': 'Jemand hat sich mit einem Pass vom Support bei Ihrem Konto angemeldet.',
    released:
      'Ihr Konto ist freigegeben: Nichts ist mehr wegen eines Passes vom Support oder einer ungewöhnlichen Anmeldung eingeschränkt.',
    'unusual-sign-in':
      'Eine Anmeldung an Ihrem Konto sieht ungewöhnlich aus{{signals}}. Waren Sie das nicht, ändern Sie Ihr Passwort.',
    resumed: 'Ihr Konto ist nicht mehr gesperrt.',
    suspended: 'Ihr Konto wurde gesperrt.',
  },
  often: '{{count}}-mal innerhalb einer Stunde: Weitere werden nur noch gezählt.',
  untold: {
    one: 'Seit der letzten Nachricht geschah es {{count}} weiteres Mal.',
    other: 'Seit der letzten Nachricht geschah es {{count}} weitere Male.',
  },
  kinds: {
    totp: 'Authenticator-App',
    webauthn: 'Passkey',
    email: 'Sicherheitscodes per E-Mail',
    sms: 'Sicherheitscodes per SMS',
    'backup-codes': 'Backup-Codes',
  },
  signals: {
    address: 'verdächtige Adresse',
    change: 'Passwort oder Adresse vor Kurzem geändert',
    country: 'neues Land',
    device: 'neuer Browser oder neues System',
    dormant: 'nach langer Zeit',
    failures: 'falsche Codes',
    network: 'neues Netz',
    travel: 'weit weg von der letzten',
  },
  ipAddress: 'IP-Adresse',
  on: 'auf',
  unknown: 'unbekannt',
  objectAt: 'Waren Sie das nicht, melden Sie es auf dieser Seite:',
  object: 'Waren Sie das nicht, ändern Sie Ihr Passwort und prüfen Sie die Sicherheitsseite Ihres Kontos.',
  shortObjectAt: 'Nicht Sie?',
  shortObject: 'Nicht Sie? Passwort ändern.',
};
