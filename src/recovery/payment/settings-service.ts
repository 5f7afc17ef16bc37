import { createKeptSetting, type KeptSetting } from '../../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';
import { findSetting, insertSetting } from './payment-store.ts';
import { settingSchema, USUAL, type PaymentSetting } from './setting.ts';

export type PaymentSettings = KeptSetting<PaymentSetting>;

export const createPaymentSettings = ({ storage, clock, accounts: { audit } }: PaymentDeps): PaymentSettings =>
  createKeptSetting(
    { storage, clock, audit },
    { schema: settingSchema, usual: USUAL, find: findSetting, insert: insertSetting, action: 'payment.setting' },
  );
