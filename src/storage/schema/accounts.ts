export interface AccountsTables {
  setting: { key: string; value: string; updated_at: string };
  account: AccountTable;
  account_link: AccountLinkTable;
  session: { sid_hash: string; account_id: string | null; data: string; seen_at: string; created_at: string };
  /** `led_to` is null while the first sending is being worked on. */
  sent_form: { form_hash: string; sent_at: string; led_to: string | null };
  access_token: AccessTokenTable;
  audit_entry: AuditEntryTable;
}

interface AccountTable {
  id: string;
  email: string;
  email_key: string;
  name: string;
  title: string;
  role: 'staff' | 'manager' | 'administrator';
  language: string;
  password_hash: string | null;
  created_at: string;
  deactivated_at: string | null;
}

interface AccountLinkTable {
  token_hash: string;
  kind: 'setup' | 'invite' | 'reset';
  account_id: string | null;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

interface AccessTokenTable {
  id: string;
  name: string;
  role: 'staff' | 'manager' | 'administrator';
  token_hash: string;
  created_by: string | null;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

interface AuditEntryTable {
  id: string;
  at: string;
  actor_kind: 'account' | 'token' | 'system' | 'command';
  actor_id: string | null;
  action: string;
  subject_kind: string;
  subject_id: string | null;
  detail: string;
}
