/** What a file of each kind can hold. Names of fields are stable: mappings and messages are kept under them. */
export const FIELDS = {
  customers: [
    'reference',
    'title',
    'givenName',
    'familyName',
    'fullName',
    'organisation',
    'email',
    'telephone',
    'street',
    'postalCode',
    'city',
    'region',
    'country',
    'language',
    'timeZone',
    'customerSince',
    'status',
    'leftOn',
    'segment',
    'tags',
    'contact',
    'yearlyValue',
    'legalBasis',
    'legalBasisSource',
    'legalBasisOn',
    'notes',
  ],
  purchases: ['customer', 'date', 'amount', 'currency', 'item', 'reference'],
  invoices: ['customer', 'number', 'issued', 'amount', 'currency', 'due', 'paid'],
  dealings: ['customer', 'kind', 'from', 'to', 'reference', 'note'],
} as const;

export const REQUIRED = {
  customers: ['reference'],
  purchases: ['customer', 'date', 'amount'],
  invoices: ['customer', 'number', 'amount', 'due'],
  dealings: ['customer', 'kind', 'from'],
} as const satisfies { [K in ImportKind]: readonly FieldOf<K>[] };

export type ImportKind = keyof typeof FIELDS;
export type FieldOf<K extends ImportKind> = (typeof FIELDS)[K][number];
export type Field = FieldOf<ImportKind>;

export const IMPORT_KINDS = Object.keys(FIELDS) as ImportKind[];

/** Whose cells hold money, by which the decimal mark of the file is told. */
export const MONEY_FIELDS: readonly Field[] = ['yearlyValue', 'amount'];
