"""The TypeScript declarations are complete, and a compiler finds mistakes with them."""

import subprocess
from pathlib import Path
from typing import Final

from _generate.documents import TYPE_NAMES
from node import PEERS, compiled, needs_node

DECLARATIONS: Final = Path(__file__).parent.parent / "schemas" / "mailbox-schema.d.ts"
TSC: Final = "node_modules/typescript/bin/tsc"
OPENAPI_TYPESCRIPT: Final = "node_modules/openapi-typescript/bin/cli.js"


def node(script: str, *arguments: str) -> tuple[int, str, str]:
    """Run a script in ``tests/peers``; return its exit status, its output and its errors."""
    done = subprocess.run(  # noqa: S603  # our own script
        ["node", script, *arguments],  # noqa: S607  # needs_node has found it
        cwd=PEERS,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_every_document_is_declared() -> None:
    lines = DECLARATIONS.read_text(encoding="utf-8").splitlines()
    declared = [line for line in lines if line.startswith("export")]
    parts = ("MailboxFields", "WaitTimes", "NoWaitTimes")
    assert sorted(declared) == [
        *sorted(f"export interface {name} {{" for name in (*TYPE_NAMES.values(), *parts)),
        "export type Mailbox = MailboxFields & (WaitTimes | NoWaitTimes);",
    ]
    assert [line for line in lines if "[k: string]" in line] == []


@needs_node
def test_a_client_compiles_and_each_mistake_is_found() -> None:
    status, output, complaints = node(TSC, "--project", "typescript", "--pretty", "false")
    assert complaints == ""
    assert output.splitlines() == [
        "typescript/mistakes.ts(8,14): error TS2322: Type '{ smtp_email: string; }' is not assignable to type 'Mailbox'.",
        "  Type '{ smtp_email: string; }' is not assignable to type 'MailboxFields & NoWaitTimes'.",
        "    Type '{ smtp_email: string; }' is missing the following properties from type 'MailboxFields': smtp_password, smtp_server, smtp_port, imap_email, and 3 more.",
        "typescript/mistakes.ts(9,48): error TS2322: Type '{ smtp_prot: number; smtp_email: string; smtp_login?: string | null | undefined; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null | undefined; ... 11 more ...; sending_wait_time_to: number; } | { ...; }' is not assignable to type 'Mailbox'.",
        "  Object literal may only specify known properties, but 'smtp_prot' does not exist in type 'MailboxFields & WaitTimes'. Did you mean to write 'smtp_port'?",
        "typescript/mistakes.ts(10,46): error TS2322: Type 'string' is not assignable to type 'number'.",
        "typescript/mistakes.ts(11,45): error TS2322: Type 'null' is not assignable to type 'string'.",
        "typescript/mistakes.ts(12,34): error TS2322: Type 'Mailbox' is not assignable to type 'readonly [Mailbox, ...Mailbox[]]'.",
        "  Type 'MailboxFields & WaitTimes' is not assignable to type 'readonly [Mailbox, ...Mailbox[]]'.",
        'typescript/mistakes.ts(13,86): error TS2322: Type \'"SMS"\' is not assignable to type \'"MAIL" | "IN_APP"\'.',
        "typescript/mistakes.ts(14,14): error TS2322: Type 'number | null | undefined' is not assignable to type 'number'.",
        "  Type 'undefined' is not assignable to type 'number'.",
        'typescript/mistakes.ts(15,34): error TS2367: This comparison appears to be unintentional because the types \'"VALIDATION_FAILURE" | "UNKNOWN"\' and \'"Conflict"\' have no overlap.',
        "typescript/mistakes.ts(16,29): error TS2571: Object is of type 'unknown'.",
        "typescript/mistakes.ts(17,29): error TS2322: Type '[]' is not assignable to type 'readonly [Mailbox, ...Mailbox[]]'.",
        "  Source has 0 element(s) but target requires 1.",
        "typescript/mistakes.ts(18,32): error TS2322: Type 'Mailbox[]' is not assignable to type 'readonly [Mailbox, ...Mailbox[]]'.",
        "  Source provides no match for required element at position 0 in target.",
        "typescript/mistakes.ts(19,14): error TS2322: Type '{ sending_wait_time_from: number; smtp_email: string; smtp_login?: string | null | undefined; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null | undefined; ... 10 more ...; sending_wait_time_to: number; } | { ...; }' is not assignable to type 'Mailbox'.",
        "  Type '{ sending_wait_time_from: number; smtp_email: string; smtp_login?: string | null; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null; imap_email: string; ... 9 more ...; sending_wait_time_to?: null; }' is not assignable to type 'Mailbox'.",
        "    Type '{ sending_wait_time_from: number; smtp_email: string; smtp_login?: string | null; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null; imap_email: string; ... 9 more ...; sending_wait_time_to?: null; }' is not assignable to type 'MailboxFields & WaitTimes'.",
        "      Type '{ sending_wait_time_from: number; smtp_email: string; smtp_login?: string | null; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null; imap_email: string; ... 9 more ...; sending_wait_time_to?: null; }' is not assignable to type 'WaitTimes'.",
        "        Types of property 'sending_wait_time_to' are incompatible.",
        "          Type 'null | undefined' is not assignable to type 'number'.",
        "            Type 'undefined' is not assignable to type 'number'.",
        "typescript/mistakes.ts(20,14): error TS2322: Type '{ sending_wait_time_from: number; sending_wait_time_to: null; smtp_email: string; smtp_login?: string | null; smtp_password: string; smtp_server: string; smtp_port: number; smtp_from_name?: string | null; ... 9 more ...; daily_sending_limit?: number | null; }' is not assignable to type 'Mailbox'.",
        "  Types of property 'sending_wait_time_to' are incompatible.",
        "    Type 'null' is not assignable to type 'number'.",
        "typescript/mistakes.ts(21,50): error TS2339: Property 'sort' does not exist on type 'readonly string[]'.",
    ]
    assert status == 2


USER_OF_OPENAPI: Final = """\
import type { components } from "./openapi.js";
type Mailbox = components["schemas"]["Mailbox"];
declare const mailbox: Mailbox;
export const taken: Mailbox = { ...mailbox, smtp_login: null, bcc: null, open_tracking_domain: null };
export const password: Mailbox = { ...mailbox, smtp_password: null };
export const address: Mailbox = { ...mailbox, imap_email: null };
export const server: Mailbox = { ...mailbox, imap_server: null };
export const copy: Mailbox = { ...mailbox, bcc: 1 };
export const domain: Mailbox = { ...mailbox, open_tracking_domain: 1 };
"""


@needs_node
def test_the_types_of_openapi_typescript_accept_null_where_the_contract_does(tmp_path: Path) -> None:
    status, made, _complaints = node(OPENAPI_TYPESCRIPT, str(DECLARATIONS.parent / "openapi.json"))
    assert status == 0
    assert compiled(tmp_path, {"openapi.d.ts": made, "user.ts": USER_OF_OPENAPI}) == [
        "user.ts(5,48): error TS2322: Type 'null' is not assignable to type 'string'.",
        "user.ts(6,47): error TS2322: Type 'null' is not assignable to type 'string'.",
        "user.ts(7,46): error TS2322: Type 'null' is not assignable to type 'string'.",
        "user.ts(8,44): error TS2322: Type 'number' is not assignable to type 'string'.",
        "user.ts(9,46): error TS2322: Type 'number' is not assignable to type 'string'.",
    ]
