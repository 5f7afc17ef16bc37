import { emailKey } from './contact-value.ts';
import { CUSTOMER_READERS, readCells, type CellError, type CheckContext, type FieldCells } from './field-readers.ts';
import type { FieldOf } from './fields.ts';
import { splitName } from './person-name.ts';
import { checked, withRequired, wrong, type Checked, type Identity } from './row-checks.ts';
import type { CustomerData } from './row-data.ts';

type CustomerValues = ReturnType<typeof readCells<typeof CUSTOMER_READERS>>['values'];

export function checkCustomerRow(
  cells: FieldCells<FieldOf<'customers'>>,
  context: CheckContext,
): Checked<CustomerData> {
  const { values, errors } = readCells(CUSTOMER_READERS, withRequired(cells, ['reference']), context);
  const broken = new Set<string>(errors.map((error) => error.column));
  errors.push(...leavingErrors(values, broken), ...basisErrors(values, broken, context));
  if (isTotal(cells)) errors.push(wrong('reference', 'onlyNumber'));
  const identities: Identity[] = [];
  if (values.reference) identities.push(['reference', values.reference]);
  if (values.email) identities.push(['email', emailKey(values.email)]);
  return checked(identities, errors, () => customerData(values, context));
}

const TOTAL = /^(?:grand |sub-?)?(?:total|sum|summe|gesamt|insgesamt|anzahl|totaal|aantal|totalt|antall|i alt)\b/i;

/** The last line of many lists says how many there are, or what they are worth together. */
function isTotal({ reference = '', yearlyValue: _, ...others }: FieldCells<FieldOf<'customers'>>): boolean {
  return TOTAL.test(String(reference).trim()) && Object.values(others).every((cell) => String(cell).trim() === '');
}

function leavingErrors({ status, leftOn, customerSince }: CustomerValues, broken: Set<string>): CellError[] {
  if (broken.has('leftOn') || broken.has('status')) return [];
  if (status === 'left' && !leftOn) return [wrong('leftOn', 'leftWithoutDate')];
  if (status === 'active' && leftOn) return [wrong('status', 'leftButActive')];
  return leftOn && customerSince && leftOn < customerSince ? [wrong('leftOn', 'leftBeforeCame')] : [];
}

/** A basis counts only with where it comes from and since when. */
function basisErrors(values: CustomerValues, broken: Set<string>, { legalBasis }: CheckContext): CellError[] {
  const errors: CellError[] = [];
  if (!values.legalBasis) return errors;
  if (!values.legalBasisSource && !legalBasis && !broken.has('legalBasisSource')) {
    errors.push(wrong('legalBasisSource', 'noBasisSource'));
  }
  if (!values.legalBasisOn && !legalBasis && !broken.has('legalBasisOn')) {
    errors.push(wrong('legalBasisOn', 'noBasisDate'));
  }
  return errors;
}

function customerData(values: CustomerValues, context: CheckContext): CustomerData {
  const { fullName, yearlyValue, leftOn, customerSince, ...others } = values;
  const { legalBasis, legalBasisOn, legalBasisSource, reference = '', ...plain } = others;
  const has = (field: keyof CustomerValues) => field in values;
  return {
    reference,
    ...plain,
    ...(fullName ? nameParts(fullName, values) : {}),
    ...(has('yearlyValue') ? { yearlyValueMinor: yearlyValue ?? null } : {}),
    ...(has('customerSince') ? { customerSince: customerSince ?? null } : {}),
    ...(has('status') || has('leftOn') ? standing(leftOn) : {}),
    ...basisOf({ legalBasis, legalBasisSource, legalBasisOn }, has('legalBasis'), context),
  };
}

function standing(leftOn: string | undefined): Pick<CustomerData, 'status' | 'leftOn'> {
  return { status: leftOn ? 'left' : 'active', leftOn: leftOn ?? null };
}

/** Cells of their own come first; the one cell with everything fills what they leave empty. */
function nameParts(fullName: string, values: CustomerValues): Partial<CustomerData> {
  const { givenName, familyName, organisation, title } = values;
  if (givenName || familyName) return {};
  const parts = splitName(fullName);
  // With the firm in a column of its own, the name beside it is a person's.
  if (organisation && parts.organisation) return organisation === fullName ? {} : { familyName: fullName };
  return { ...parts, organisation: organisation || parts.organisation, title: title || parts.title };
}

function basisOf(
  own: Pick<CustomerValues, 'legalBasis' | 'legalBasisSource' | 'legalBasisOn'>,
  hasColumn: boolean,
  { legalBasis: shared }: CheckContext,
): Pick<CustomerData, 'legalBasis' | 'legalBasisSource' | 'legalBasisOn'> {
  if (own.legalBasis) {
    const source = own.legalBasisSource || shared?.source || '';
    return {
      legalBasis: own.legalBasis,
      legalBasisSource: source,
      legalBasisOn: own.legalBasisOn ?? shared?.on ?? null,
    };
  }
  if (shared) return { legalBasis: shared.basis, legalBasisSource: shared.source, legalBasisOn: shared.on };
  return hasColumn ? { legalBasis: '', legalBasisSource: '', legalBasisOn: null } : {};
}
