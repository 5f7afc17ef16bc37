import { createKeptSetting, type KeptSetting } from '../../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';
import { settingSchema, USUAL, type PaymentSetting } from './setting.ts';

export type PaymentSettings = KeptSetting<PaymentSetting>;

export const createPaymentSettings = ({ storage, clock, accounts: { audit } }: PaymentDeps): PaymentSettings =>
  createKeptSetting(
    { storage, clock, audit },
    { schema: settingSchema, usual: USUAL, table: 'payment_setting', action: 'payment.setting' },
  );
