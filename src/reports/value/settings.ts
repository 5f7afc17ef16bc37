import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What purchases cannot tell: how much of a sale is left, and what money is worth less a year later. */
export const settingSchema = z.object({ margin: share, discount: share });
export type ValueSetting = z.infer<typeof settingSchema>;

/** Until somebody has typed their own: turnover for margin, which the page says. */
export const USUAL: ValueSetting = { margin: 1, discount: 0.1 };

const LONGEST = 20;

/** A percentage from 0 to 100 as people type it: '60', '7,5', '12.5 %'. */
export const percentage = z
  .string()
  .max(LONGEST, 'value.error.percent')
  .transform((typed, context) => {
    const number = Number(typed.replace(/[\s%]/g, '').replace(',', '.') || NaN);
    if (number >= 0 && number <= 100) return number / 100;
    context.addIssue({ code: 'custom', message: 'value.error.percent' });
    return z.NEVER;
  });

export const settingForm = z.object({ margin: percentage, discount: percentage });
