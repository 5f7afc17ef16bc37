import { z } from 'zod';
import { isLanguage } from '../i18n/index.ts';

/** One line of text: trimmed, no control characters (PostgreSQL takes no NUL), not longer than that. */
export function line(most = 200) {
  return z
    .string('form.required')
    .trim()
    .max(most, 'form.tooLong')
    .regex(/^\P{Cc}*$/u, 'form.invalid');
}

export function requiredLine(most = 200) {
  return line(most).min(1, 'form.required');
}

/** Several lines; browsers send CRLF. */
export function block(most: number) {
  return z
    .string('form.required')
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .max(most, 'form.tooLong')
        .regex(/^[\P{Cc}\n\t]*$/u, 'form.invalid'),
    );
}

export const emailField = requiredLine(254).pipe(z.email('accounts.email.invalid'));
const roleField = z.enum(['staff', 'manager', 'administrator'], 'form.invalid');
export const languageField = z.string('form.required').refine(isLanguage, 'form.invalid');

/** A password is taken as it was typed; its rules are checked with what is known of the person. */
const passwordField = z.string('form.required').min(1, 'form.required').max(1000, 'form.tooLong');

export const accountForm = z.object({
  name: requiredLine(),
  title: line().default(''),
  email: emailField,
  role: roleField,
  language: languageField,
});
export type AccountForm = z.infer<typeof accountForm>;

export const firstForm = z.object({
  name: requiredLine(),
  email: emailField,
  language: languageField,
  password: passwordField,
});
export type FirstForm = z.infer<typeof firstForm>;

export const signInForm = z.object({
  email: requiredLine(254),
  password: passwordField,
  next: z.string().default('/'),
});
export const forgotForm = z.object({ email: emailField });
export const newPasswordForm = z.object({ password: passwordField });
export const changePasswordForm = z.object({ passwordNow: passwordField, password: passwordField });
export const meForm = z.object({ name: requiredLine(), title: line(), language: languageField });
export const roleForm = z.object({ role: roleField });
export const tokenForm = z.object({ name: requiredLine(100), role: roleField });

/** What two spellings of one address have in common. */
export function emailKey(email: string): string {
  return email.normalize('NFC').trim().toLowerCase();
}
