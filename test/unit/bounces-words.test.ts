import { describe, expect, test } from '@jest/globals';
import { readReturned } from '../../src/mailer/bounces/read.ts';
import type { BounceKind, Cause } from '../../src/mailer/bounces/reading.ts';

const ADDRESS = 'kim@example.net';

/** What a server says in a text, without a report and without a code. */
const SAID: [BounceKind, Cause, string][] = [
  ['hard', 'no_such_address', 'kim wurde bei example.net nicht gefunden.\nUnbekannte An-Adresse'],
  ['hard', 'no_such_address', 'kim is niet gevonden op example.net.\nOnbekend Aan-adres'],
  ['hard', 'no_such_address', 'kim ble ikke funnet på example.net.\nUkjent Til-adresse'],
  ['hard', 'no_such_address', 'E-postadressen du angav hittades inte.'],
  ['hard', 'no_such_address', 'Din besked blev ikke leveret, fordi adressen ikke blev fundet.'],
  ['hard', 'no_such_address', 'Le compte de messagerie n’existe pas dans l’organisation.'],
  ['hard', 'no_such_address', 'Boite aux lettres inexistante.'],
  ['hard', 'no_such_address', 'Tu mensaje no se ha entregado porque no se ha encontrado la dirección.'],
  ['hard', 'no_such_address', 'L’account di posta elettronica non esiste presso l’organizzazione.'],
  ['hard', 'no_such_address', 'Wiadomość nie została dostarczona, ponieważ nie znaleziono adresu.'],
  ['hard', 'no_such_address', 'L’utilisateur kim ne figure pas dans l’annuaire Domino'],
  ['hard', 'no_such_address', 'L’utente kim non è elencato nella Rubrica di Domino'],
  ['hard', 'no_such_address', 'El usuario kim no aparece en el directorio de Domino'],
  ['hard', 'no_such_address', 'ユーザー kim は Domino ディレクトリにリストされていません'],
  ['hard', 'no_such_address', 'The recipient cannot be verified. Please check all recipients of this message.'],
  ['hard', 'no_such_domain', 'Le domaine nulle-part.example n’existe pas.'],
  ['hard', 'no_such_domain', 'The domain name (example.net) does not appear to be registered.'],
  ['hard', 'no_such_domain', 'all relevant MX records point to non-existent hosts'],
  ['hard', 'disabled', 'Der Empfänger hat sein Postfach gekündigt.'],
  ['hard', 'disabled', 'This mailbox has been blocked due to inactivity'],
  ['soft', 'full', 'Die Datenbank hat ihre Größenquote überschritten.'],
  ['soft', 'full', 'Der Posteingang des Empfängers ist voll.'],
  ['soft', 'full', 'La boîte aux lettres de votre correspondant est saturée.'],
  ['soft', 'full', 'El buzón del usuario ha superado su cuota.'],
  ['soft', 'full', 'La casella di posta del destinatario è piena.'],
  ['soft', 'restricted', 'Die Gruppe team akzeptiert nur Nachrichten von Personen in ihrer Organisation.'],
  ['soft', 'restricted', 'U bent niet gemachtigd om berichten naar deze geadresseerde te verzenden.'],
  ['soft', 'restricted', 'De groep accepteert alleen berichten van personen in de organisatie.'],
  ['soft', 'restricted', 'Gruppen godtar bare meldinger fra personer i organisasjonen.'],
  ['soft', 'blocked', 'Messages from 192.0.2.1 temporarily deferred due to user complaints'],
  ['soft', 'loop', 'lowest numbered MX record points to local host'],
  ['soft', 'encryption', 'Server certificate not verified'],
];

test.each(SAID)('%s, %s: %s', async (kind, cause, words) => {
  const text = `Your message could not be delivered to:\n\n${ADDRESS}\n${words}\n`;
  const raw = `From: Mail Delivery System <mailer-daemon@example.org>\nSubject: Undeliverable\nContent-Type: text/plain; charset=utf-8\n\n${text}`;
  expect(await readReturned(Buffer.from(raw))).toMatchObject({ recipient: ADDRESS, kind, cause });
});

test('a limit on what somebody may receive from us in an hour says nothing against the address', async () => {
  const report = `Final-Recipient: rfc822;${ADDRESS}\nAction: failed\nStatus: 5.2.121\nDiagnostic-Code: smtp;550 5.2.121 RESOLVER.RRR.RecipientLimitExceeded`;
  const raw = `From: postmaster@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.org\n\n${report}\n--b--\n`;
  expect(await readReturned(Buffer.from(raw))).toMatchObject({ recipient: ADDRESS, kind: 'soft', cause: 'throttled' });
});

describe('an answer by a machine is known by its subject', () => {
  test.each([
    'Automaattinen vastaus: Kysymys',
    'Automatikus válasz: Kérdés',
    'Automatiskt svar: En fråga',
    'Otomatik Yanıt: Soru',
    'Автоматический ответ: Вопрос',
    '自動返信: ご質問',
    '自动答复: 问题',
  ])('%s', async (subject) => {
    const raw = `From: Kim <${ADDRESS}>\nSubject: ${subject}\nContent-Type: text/plain; charset=utf-8\n\n.\n`;
    expect(await readReturned(Buffer.from(raw))).toMatchObject({ recipient: ADDRESS, kind: 'auto-reply' });
  });
});
