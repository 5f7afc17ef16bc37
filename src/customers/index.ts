export { invoicesById, unpaidInvoices, unpaidOf, type Owed } from './arrears-store.ts';
export { audienceSchema, type AnswersAsked, type AudienceCustomer, type AudienceFilter } from './audience.ts';
export { openComplaints } from './complaint-store.ts';
export {
  displayName,
  type Customer,
  type CustomerFields,
  type CustomerOutline,
  type CustomerRow,
  type DealingKind,
  type MailCustomer,
  type RefusalTopic,
} from './customer.ts';
export {
  customerRowSchema,
  day,
  emailKey,
  DEALING_KINDS,
  dealingRowSchema,
  invoiceRowSchema,
  line,
  lines,
  purchaseRowSchema,
} from './fields.ts';
export { greetingLine, spokenGreeting, type Greeted } from './greeting-rules.ts';
export type { Customers, CustomersDeps } from './interface.ts';
export type { ListedCustomer, ListFilter, PossibleDuplicate } from './listing.ts';
export type { DealingRow, Habits, InvoiceRow, Purchase, PurchaseRow } from './records.ts';
export { CODE_PROBLEMS, type CodeRemark, type CodeRemarks, type NamedPurchase } from './code-remarks.ts';
export type { Fact, Panel } from './profile.ts';
export { amountIn, typedMoney, WAYS_TO_TELL, type FormContext } from './forms.ts';
export { parseMoney } from './import/money-value.ts';
export { usualGap } from './record-rules.ts';
export {
  earlierNames,
  exportedProfile,
  forgetImported,
  forgetPerson,
  giveUpImports,
  markErased,
  personOf,
  runningImport,
  unfinishedImport,
  type Person,
} from './privacy-store.ts';
export { CUSTOMER_ROWS } from './customer-rows.ts';
export { differences, MERGE_PART_NAMES, type MergeChoices, type MergePart, type MergeSide } from './merge-rules.ts';
export { partText } from './merge-views.ts';
export { mergedSince, namesOf } from './merge-store.ts';
export type { Pair } from './merging-interface.ts';
export { filterOf, listAddress, readQuery } from './query.ts';
export { customersRoutes } from './routes.ts';
export type { Moment, MomentsQuery } from './moments.ts';
export type { TimelineItem } from './timeline.ts';
export { createCustomers } from './service.ts';
export { refusersAmong } from './subscription-store.ts';
export { importRoutes } from './imports/routes.ts';
export { duplicateRoutes } from './duplicates/routes.ts';
export { createDuplicates, type Duplicates } from './duplicates/service.ts';
export { WHYS } from './duplicates/rules.ts';
export { createImports, type Imports } from './imports/service.ts';
export { explained, readAs } from './imports/check-views.ts';
export { missingColumns } from './imports/columns-views.ts';
export { isReady, type Given, type Import } from './imports/facts.ts';
export { givenForm, givenOf } from './imports/forms.ts';
export { type ImportKind, LIMITS } from './import/index.ts';
