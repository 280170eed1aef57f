// A client, as its author writes it. It compiles.
import type { AcceptedBody, Body, ConflictBody, FailureBody, Mailbox, ProblemBody, SummaryBody } from "../../../schemas/mailbox-schema.js";

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

export async function connect(mailboxes: Mailbox[]): Promise<string> {
  const body: Body = { mailboxes, completion_notification_types: ["MAIL", "IN_APP"] };
  const response = await fetch("https://api.woodpecker.co/rest/v2/mailboxes/manual_connection/bulk", {
    method: "POST",
    headers: { "x-api-key": "not-a-real-api-key", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status === 202) {
    const accepted: AcceptedBody = await response.json();
    return String(accepted.batch_id);
  }
  if (response.status === 400 || response.status === 409) {
    const failure: FailureBody | ConflictBody = await response.json();
    throw new Error(`${failure.code}: ${failure.details.join("; ")}`);
  }
  const problem: ProblemBody = await response.json();
  throw new Error(`${problem.status} ${problem.title}: ${problem.detail}`);
}

export function failed(summary: SummaryBody): number | null {
  return summary.processing_finished ? summary.failed_mailboxes_count : null;
}

export const sent = connect([mailbox, { ...mailbox, sending_wait_time_from: 10, sending_wait_time_to: 20 }]);
