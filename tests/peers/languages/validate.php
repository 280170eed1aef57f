<?php
// justinrainbow/json-schema: reads {schema, bodies} on standard input, each body as JSON text; writes a verdict
// for each, or null for one that it can't read.
require "JsonSchema/autoload.php";

$given = json_decode(stream_get_contents(STDIN));
$verdicts = [];
foreach ($given->bodies as $text) {
    try {
        $body = json_decode($text, flags: JSON_THROW_ON_ERROR);
        $validator = new JsonSchema\Validator();
        $validator->validate($body, $given->schema);
        $verdicts[] = $validator->isValid();
    } catch (JsonException) {
        $verdicts[] = null;
    }
}
echo json_encode($verdicts);
