// A client, as its author writes it. It compiles.
import type { Body, FailureBody, Mailbox, SummaryBody } from "../../../schemas/mailbox-schema.js";

const mailbox: Mailbox = {
  smtp_email: "jared@getpiedpiper.com",
  smtp_login: null,
  smtp_password: "not-a-real-password",
  smtp_server: "smtp.server.io",
  smtp_port: 465,
  imap_email: "jared@getpiedpiper.com",
  imap_password: "not-a-real-password",
  imap_server: "imap.server.io",
  imap_port: 993,
};

export const body: Body = {
  mailboxes: [mailbox, { ...mailbox, sending_wait_time_from: 10, sending_wait_time_to: 20 }],
  completion_notification_types: ["MAIL", "IN_APP"],
};

export const without: readonly Mailbox[] = [
  { ...mailbox, sending_wait_time_from: null },
  { ...mailbox, sending_wait_time_from: null, sending_wait_time_to: null },
];

export function all([first, ...others]: readonly Mailbox[]): Body | null {
  return first === undefined ? null : { mailboxes: [first, ...others] };
}

export function pause(mailbox: Mailbox): number {
  return mailbox.sending_wait_time_from == null ? 0 : mailbox.sending_wait_time_to - mailbox.sending_wait_time_from;
}

export function sorted({ details }: FailureBody): string[] {
  return [...details].sort();
}

export function failed(summary: SummaryBody): number | null {
  return summary.processing_finished ? summary.failed_mailboxes_count : null;
}
