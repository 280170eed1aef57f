// @hyperjump/json-schema: reads {schema, bodies} on standard input, writes one verdict a body.
import { registerSchema, validate } from "@hyperjump/json-schema/draft-2020-12";
import { given, say } from "./io.mjs";

const { schema, bodies } = await given();
registerSchema(schema);
const check = await validate(schema.$id);
say(bodies.map((body) => check(body).valid));
