import type { FieldOf, ImportKind } from './fields.ts';

/** Names of columns in English, German, Dutch and Norwegian; case, accents, spaces and punctuation do not matter. */
type Known<K extends ImportKind> = Record<FieldOf<K>, string>;

const REFERENCE =
  'customer number, customer no, customer nr, customer reference, customer ref, customer id, customer code, customer, ' +
  'client number, client no, client id, client reference, client, account number, account no, account id, ' +
  'debtor number, cust no, cust id, ' +
  'Kundennummer, Kundennr, Kunden-Nr, Kd-Nr, KdNr, Kunde Nr, Kunden-ID, Kundencode, Kunde, Debitorennummer, Debitor, ' +
  'klantnummer, klantnr, klant nr, klant-id, klantcode, klantreferentie, klant, relatienummer, debiteurnummer, ' +
  'debiteurennummer, debiteur, ' +
  'kundenummer, kundenr, kunde nr, kunde-id, kundereferanse, kundekode, kunde';

const customers: Known<'customers'> = {
  reference: `reference, ref, number, no, nr, id, Nummer, Referenz, referentie, referanse, member number, member id, Mitgliedsnummer, lidnummer, medlemsnummer, ${REFERENCE}`,
  title:
    'title, salutation, form of address, prefix, Anrede, Titel, aanhef, aanspreekvorm, titulatuur, tittel, tiltaleform',
  givenName: 'given name, first name, firstname, forename, Vorname, Rufname, voornaam, roepnaam, fornavn',
  familyName:
    'family name, last name, lastname, surname, Nachname, Familienname, Zuname, achternaam, familienaam, etternavn, slektsnavn, familienavn',
  fullName:
    'name, full name, customer name, client name, contact name, Name, Kundenname, vollständiger Name, Vor- und Nachname, Vorname Nachname, naam, volledige naam, klantnaam, voor- en achternaam, navn, fullt navn, kundenavn, for- og etternavn',
  organisation:
    'organisation, organization, company, company name, business, business name, firm, Firma, Firmenname, Unternehmen, Organisation, Betrieb, bedrijf, bedrijfsnaam, organisatie, firmanaam, onderneming, firma, firmanavn, bedrift, bedriftsnavn, selskap, organisasjon, virksomhet',
  email:
    'email, e-mail, mail, email address, e-mail address, mail address, contact email, E-Mail, E-Mail-Adresse, Mailadresse, Mail, elektronische Post, e-mailadres, mailadres, e-post, epost, e-postadresse, epostadresse, mailadresse',
  telephone:
    'telephone, telephone number, phone, phone number, tel, tel no, mobile, mobile number, mobile phone, cell phone, Telefon, Telefonnummer, Tel-Nr, Rufnummer, Mobil, Mobiltelefon, Handy, Handynummer, telefoon, telefoonnummer, mobiel, mobiele nummer, gsm, tlf, telefonnr, tlf nr, mobilnummer, mobiltelefon',
  street:
    'street, street address, address, address line 1, address 1, postal address, Straße, Straße und Hausnummer, Strasse Hausnummer, Adresse, Anschrift, Postanschrift, straat, straat en huisnummer, straatnaam, adres, postadres, gate, gateadresse, adresse, postadresse, vei, veiadresse',
  postalCode: 'postal code, post code, postcode, zip, zip code, PLZ, Postleitzahl, postnummer, postnr',
  city: 'city, town, place, locality, Ort, Stadt, Wohnort, plaats, woonplaats, stad, gemeente, sted, poststed, by',
  region:
    'region, state, county, province, Bundesland, Land Region, Kanton, Provinz, regio, provincie, fylke, landsdel',
  country: 'country, country code, nation, Land, Ländercode, Länderkennzeichen, Staat, landcode, landkode',
  language:
    'language, language code, preferred language, locale, Sprache, Sprachcode, Korrespondenzsprache, taal, taalcode, voorkeurstaal, språk, språkkode, målform',
  timeZone: 'time zone, timezone, tz, Zeitzone, tijdzone, tidssone',
  customerSince:
    'customer since, client since, since, member since, start date, joined, joined on, Kunde seit, Kundin seit, Kunde ab, seit, Mitglied seit, Eintritt, Eintrittsdatum, Vertragsbeginn, klant sinds, klant vanaf, sinds, lid sinds, ingangsdatum, kunde siden, kunde fra, siden, medlem siden, startdato',
  status: 'status, customer status, state of customer, Kundenstatus, klantstatus, kundestatus',
  leftOn:
    'left on, left, leaving date, date left, gegangen am, gegangen, weggegaan op, left date, end date, churn date, churned on, cancelled on, cancellation date, verlassen am, Austritt, Austrittsdatum, Kündigung, Kündigungsdatum, gekündigt am, ausgeschieden am, ausgetreten, ausgetreten am, Abgang, Abgangsdatum, Vertragsende, Kunde bis, vertrokken op, vertrekdatum, opgezegd op, opzegdatum, einddatum, klant tot, sluttet, sluttet dato, sluttdato, oppsagt, oppsagt dato, kunde til',
  segment:
    'segment, customer segment, customer group, group, category, Kundensegment, Kundengruppe, Gruppe, Kategorie, klantsegment, klantgroep, groep, categorie, kundesegment, kundegruppe, gruppe, kategori',
  tags: 'tags, tag, labels, label, keywords, Schlagwörter, Schlagworte, Stichwörter, Etiketten, trefwoorden, etiketten, stikkord, merkelapper, etiketter',
  contact:
    'contact, contact person, account manager, customer contact, staff, staff email, owner, Ansprechpartner, Ansprechpartnerin, Ansprechperson, Kundenbetreuer, Betreuer, Betreuerin, zuständig, contactpersoon, accountmanager, klantbeheerder, kontaktperson, kundeansvarlig, kundekontakt',
  yearlyValue:
    'yearly value, annual value, yearly revenue, annual revenue, yearly spend, annual spend, yearly turnover, annual turnover, revenue per year, Jahreswert, Jahresumsatz, Umsatz pro Jahr, Umsatz im Jahr, jährlicher Umsatz, Umsatz, jaarwaarde, jaaromzet, omzet per jaar, omzet, årsverdi, årlig verdi, årsomsetning, årlig omsetning, omsetning',
  legalBasis:
    'legal basis, lawful basis, basis, consent, Rechtsgrundlage, Einwilligung, rechtsgrond, rechtsgrondslag, grondslag, toestemming, rettslig grunnlag, behandlingsgrunnlag, samtykke',
  legalBasisSource:
    'legal basis source, source of legal basis, source of the legal basis, source of consent, consent source, basis source, source, Quelle der Rechtsgrundlage, Quelle der Einwilligung, Herkunft der Einwilligung, Quelle, Herkunft, bron van de grondslag, bron van toestemming, bron rechtsgrond, herkomst, bron, kilde til grunnlag, kilde til grunnlaget, kilde for samtykke, kilde',
  legalBasisOn:
    'legal basis on, legal basis date, date of legal basis, date of the legal basis, consent date, date of consent, consent on, Datum der Rechtsgrundlage, Datum der Einwilligung, Einwilligung am, Einwilligungsdatum, datum grondslag, datum van de grondslag, datum toestemming, toestemming op, dato for grunnlag, dato for grunnlaget, samtykkedato, dato for samtykke, samtykke dato',
  notes:
    'notes, note, remarks, remark, comment, comments, Bemerkung, Bemerkungen, Anmerkung, Anmerkungen, Kommentar, Hinweis, opmerking, opmerkingen, notitie, notities, merknad, merknader, kommentar, notat, notater',
};

const purchases: Known<'purchases'> = {
  customer: REFERENCE,
  date: 'date, purchase date, purchased on, order date, bought on, sale date, transaction date, Datum, Kaufdatum, gekauft am, Bestelldatum, Auftragsdatum, Belegdatum, Buchungsdatum, aankoopdatum, besteldatum, orderdatum, verkoopdatum, transactiedatum, dato, kjøpsdato, kjøpt, ordredato, bestillingsdato, salgsdato',
  amount:
    'amount, total, price, value, sum, purchase amount, sales, revenue, Betrag, Summe, Gesamtbetrag, Preis, Umsatz, Kaufbetrag, Wert, bedrag, totaal, totaalbedrag, prijs, omzet, aankoopbedrag, beløp, sum beløp, totalbeløp, pris, totalt, omsetning, verdi',
  currency: 'currency, currency code, Währung, Währungscode, valuta, munteenheid, valutakode',
  item: 'item, product, article, description, product name, service, what, Artikel, Produkt, Bezeichnung, Beschreibung, Leistung, Ware, artikel, artikelomschrijving, omschrijving, beschrijving, dienst, vare, varenavn, beskrivelse, tjeneste, produktnavn',
  reference:
    'reference, ref, purchase reference, purchase number, purchase id, order number, order no, order id, receipt number, transaction id, Referenz, Bestellnummer, Auftragsnummer, Belegnummer, Beleg, Kaufnummer, referentie, aankoopnummer, bestelnummer, ordernummer, bonnummer, kenmerk, referanse, ordrenummer, bestillingsnummer, kjøpsnummer, kvitteringsnummer, bilagsnummer, bilag',
};

const invoices: Known<'invoices'> = {
  customer: REFERENCE,
  number:
    'number, no, nr, invoice number, invoice no, invoice id, invoice, bill number, Nummer, Rechnungsnummer, Rechnungsnr, Rechnung, Rechnung Nr, Belegnummer, factuurnummer, factuurnr, factuur, nummer, fakturanummer, fakturanr, faktura, regningsnummer',
  issued:
    'issued, issued on, issue date, invoice date, date, billed on, Rechnungsdatum, ausgestellt, ausgestellt am, Datum, Belegdatum, factuurdatum, uitgegeven, fakturadato, utstedt, dato, regningsdato',
  amount:
    'amount, total, invoice amount, invoice total, sum, gross amount, Betrag, Rechnungsbetrag, Summe, Gesamtbetrag, Bruttobetrag, bedrag, factuurbedrag, totaal, totaalbedrag, beløp, fakturabeløp, sum beløp, totalbeløp',
  currency: 'currency, currency code, Währung, Währungscode, valuta, munteenheid, valutakode',
  due: 'due, due on, due date, payable by, pay by, payment due, fällig, fällig am, Fälligkeit, Fälligkeitsdatum, zahlbar bis, Zahlungsziel, vervaldatum, vervalt op, te betalen voor, uiterste betaaldatum, betaaldatum uiterlijk, forfall, forfallsdato, forfaller, betalingsfrist',
  paid: 'paid, paid on, payment date, date paid, settled, settled on, bezahlt, bezahlt am, Zahlungsdatum, Zahlungseingang, beglichen, betaald, betaald op, betaaldatum, voldaan, voldaan op, betalt, betalt dato, betalingsdato, innbetalt',
};

const dealings: Known<'dealings'> = {
  customer: REFERENCE,
  kind: 'kind, type, dealing, kind of dealing, event, event type, Art, Typ, Vorgang, Vorgangsart, Ereignis, soort, gebeurtenis, slag, art, hendelse, type hendelse',
  from: 'from, start, start date, started, started on, begin, date, on, von, ab, Beginn, Anfang, Startdatum, Datum, vanaf, van, begindatum, aanvang, fra, fra dato, startdato, dato, påbegynt',
  to: 'to, until, end, end date, ended, finished, completed on, bis, Ende, Enddatum, abgeschlossen, abgeschlossen am, tot, t/m, tot en met, einde, einddatum, afgerond, til, til dato, slutt, sluttdato, avsluttet, ferdig',
  reference:
    'reference, ref, number, order number, delivery number, case number, id, Referenz, Nummer, Vorgangsnummer, Auftragsnummer, Lieferscheinnummer, Belegnummer, referentie, kenmerk, nummer, ordernummer, zaaknummer, referanse, saksnummer, ordrenummer, følgeseddelnummer, bilagsnummer',
  note: 'note, notes, description, details, remark, remarks, comment, Notiz, Bemerkung, Beschreibung, Anmerkung, Kommentar, notitie, opmerking, omschrijving, toelichting, merknad, notat, beskrivelse, kommentar',
};

export const KNOWN_HEADERS: { [K in ImportKind]: Known<K> } = { customers, purchases, invoices, dealings };
