// Mistakes, one a statement. Each is found: tests/test_typescript.py.
import type { Body, FailureBody, Mailbox, SummaryBody } from "../../../schemas/mailbox-schema.js";

declare const mailbox: Mailbox;
declare const failure: FailureBody;
declare const summary: SummaryBody;

export const lacking: Mailbox = { smtp_email: "jared@getpiedpiper.com" };
export const mistyped: Mailbox = { ...mailbox, smtp_prot: 465 };
export const quoted: Mailbox = { ...mailbox, smtp_port: "465" };
export const empty: Mailbox = { ...mailbox, imap_password: null };
export const unwrapped: Body = { mailboxes: mailbox };
export const unknown: Body = { mailboxes: [mailbox], completion_notification_types: ["SMS"] };
export const limit: number = mailbox.daily_sending_limit;
export const conflict: boolean = failure.code === "Conflict";
export const name: string = summary.failed_mailboxes[0].smtp_email;
export const none: Body = { mailboxes: [] };
export const perhaps: Body = { mailboxes: Array.of(mailbox) };
export const lone: Mailbox = { ...mailbox, sending_wait_time_from: 10 };
export const half: Mailbox = { ...mailbox, sending_wait_time_from: 10, sending_wait_time_to: null };
export const changed: string[] = failure.details.sort();
