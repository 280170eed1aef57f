// The Zod schema of a generated module: reads bodies on standard input, writes one verdict a body.
import { given, say } from "../io.mjs";

const { addMailboxesInBulkBody } = await import(process.argv[2]);
const bodies = await given();
say(bodies.map((body) => addMailboxesInBulkBody.safeParse(body).success));
