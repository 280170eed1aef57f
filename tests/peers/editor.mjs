// The engine of VS Code's JSON support: reads {schema, requests} on standard input; a request is a text with
// an offset; writes the completions and the hover there, and the diagnostics of the whole text.
import { getLanguageService } from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import { given, say } from "./io.mjs";

const { schema, requests } = await given();
const uri = "file:///mailboxes.json";
const service = getLanguageService({});
service.configure({ schemas: [{ uri: schema.$id, fileMatch: ["*"], schema }] });

const answer = async ({ text, offset }) => {
  const document = TextDocument.create(uri, "json", 1, text);
  const parsed = service.parseJSONDocument(document);
  const position = document.positionAt(offset);
  const completion = await service.doComplete(document, position, parsed);
  const hover = await service.doHover(document, position, parsed);
  const diagnostics = await service.doValidation(document, parsed);
  return {
    completions: (completion?.items ?? []).map((item) => [item.label, item.documentation?.value ?? item.documentation ?? ""]),
    hover: hover?.contents ?? [],
    diagnostics: diagnostics.map(({ range, message }) => [
      document.getText(range),
      [range.start.line, range.start.character],
      message,
    ]),
  };
};
say(await Promise.all(requests.map(answer)));
