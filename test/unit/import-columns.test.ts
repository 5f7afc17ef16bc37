import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recogniseColumns } from '../../src/customers/import/columns.ts';
import { FIELDS, IMPORT_KINDS } from '../../src/customers/import/fields.ts';

const mapped = (kind: 'customers' | 'purchases' | 'invoices' | 'dealings', header: string) =>
  recogniseColumns(kind, header.split(';')).mapping;

describe('Recognising columns', () => {
  test('of a customer file in German, and says which it does not use', () => {
    const header = ['Kundennummer', 'Name', 'E-Mail', 'Kunde seit', 'Jahresumsatz', 'Fax', '', 'Vertreter'];
    expect(recogniseColumns('customers', header)).toEqual({
      mapping: { reference: 0, fullName: 1, email: 2, customerSince: 3, yearlyValue: 4 },
      unused: ['Fax', 'Vertreter'],
      missing: [],
      twice: [],
    });
  });

  test('in each language, whatever the case, accents and punctuation', () => {
    const parts = { reference: 0, givenName: 1, familyName: 2, email: 3, postalCode: 4, city: 5, customerSince: 6 };
    expect(mapped('customers', 'CUSTOMER_ID;First name;Surname;E-mail address;ZIP;Town;Customer since')).toEqual(parts);
    expect(mapped('customers', 'Kd.-Nr.;Vorname;Nachname;E-Mail-Adresse;PLZ;Ort;Kunde seit')).toEqual(parts);
    expect(mapped('customers', 'klantnr;Voornaam;Achternaam;E-mailadres;Postcode;Plaats;Klant sinds')).toEqual(parts);
    expect(mapped('customers', 'KUNDENR.;Fornavn;Etternavn;E-post;Postnr;Poststed;Kunde siden')).toEqual(parts);
    for (const name of ['Left on', 'Ausgetreten am', 'Vertrokken op', 'Sluttet'])
      expect(mapped('customers', name)).toEqual({ leftOn: 0 });
  });

  test('takes the ways of writing ä, ö, ü and ß for one', () => {
    for (const name of ['Straße', 'STRASSE', 'strasse']) expect(mapped('customers', name)).toEqual({ street: 0 });
    for (const name of ['Kündigungsdatum', 'Kuendigungsdatum'])
      expect(mapped('customers', name)).toEqual({ leftOn: 0 });
    for (const name of ['Beløp', 'Beloep', 'belop']) expect(mapped('purchases', name)).toEqual({ amount: 0 });
  });

  test('looks past brackets and currencies', () => {
    expect(mapped('customers', 'Jahresumsatz (EUR);E-Mail *')).toEqual({ yearlyValue: 0, email: 1 });
    expect(mapped('purchases', 'Amount in EUR')).toEqual({ amount: 0 });
    expect(mapped('purchases', 'Betrag €')).toEqual({ amount: 0 });
  });

  test('"Name" beside a given name is the family name', () => {
    expect(mapped('customers', 'Nr;Vorname;Name')).toEqual({ reference: 0, givenName: 1, familyName: 2 });
    expect(mapped('customers', 'Nr;Vorname;Nachname;Name')).toMatchObject({ familyName: 2, fullName: 3 });
  });

  test('the first of two columns for a field is taken', () => {
    const { mapping, unused } = recogniseColumns('customers', ['Nr', 'Telefon', 'Mobil']);
    expect(mapping).toEqual({ reference: 0, telephone: 1 });
    expect(unused).toEqual(['Mobil']);
  });

  test('of purchases, invoices and dealings', () => {
    expect(mapped('purchases', 'Klantnummer;Aankoopdatum;Bedrag;Valuta;Artikel;Bestelnummer')).toEqual({
      customer: 0,
      date: 1,
      amount: 2,
      currency: 3,
      item: 4,
      reference: 5,
    });
    expect(mapped('purchases', 'Kundenummer;Kjøpsdato;Beløp;Vare;Bilagsnummer')).toMatchObject({
      item: 3,
      reference: 4,
    });
    expect(mapped('invoices', 'Kundenummer;Fakturanr;Fakturadato;Beløp;Forfall;Betalt')).toEqual({
      customer: 0,
      number: 1,
      issued: 2,
      amount: 3,
      due: 4,
      paid: 5,
    });
    expect(mapped('dealings', 'Kunde;Art;von;bis;Notiz')).toEqual({ customer: 0, kind: 1, from: 2, to: 3, note: 4 });
  });

  test('names the required fields that are missing', () => {
    expect(recogniseColumns('invoices', ['Nummer', 'Betrag']).missing).toEqual(['customer', 'due']);
  });

  test('knows each field by its own name', () => {
    for (const kind of IMPORT_KINDS) {
      const { mapping, missing } = recogniseColumns(kind, FIELDS[kind]);
      expect(mapping).toEqual(Object.fromEntries(FIELDS[kind].map((field, column) => [field, column])));
      expect(missing).toEqual([]);
    }
  });
});

describe('A person’s choice', () => {
  test('goes before what the headers say', () => {
    const { mapping, unused } = recogniseColumns('customers', ['A', 'Nr', 'E-Mail'], ['reference', undefined, null]);
    expect(mapping).toEqual({ reference: 0 });
    expect(unused).toEqual(['Nr', 'E-Mail']);
  });

  test('of one field for two columns is pointed out', () => {
    const { twice } = recogniseColumns('customers', ['A', 'B'], ['reference', 'reference']);
    expect(twice).toEqual(['reference']);
  });

  test('of a field of another kind counts for nothing', () => {
    expect(recogniseColumns('purchases', ['A'], ['email']).mapping).toEqual({});
  });
});

test('no header makes it fail, and no column serves two fields', () => {
  const header = fc.array(fc.oneof(fc.string(), fc.constantFrom('Name', 'Nr', 'Vorname', 'E-Mail', '__proto__')));
  fc.assert(
    fc.property(fc.constantFrom(...IMPORT_KINDS), header, (kind, names) => {
      const { mapping, unused } = recogniseColumns(kind, names);
      const columns = Object.values(mapping);
      expect(new Set(columns).size).toBe(columns.length);
      expect(columns.length + unused.length).toBe(
        names.filter((name, at) => name !== '' || columns.includes(at)).length,
      );
    }),
  );
});
