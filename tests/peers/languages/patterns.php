<?php
// Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
$given = json_decode(stream_get_contents(STDIN));
$found = fn ($pattern) => array_map(fn ($text) => preg_match("\x01$pattern\x01u", $text) === 1, $given->texts);
set_error_handler(fn ($level, $message) => throw new Exception($message));
echo json_encode(array_map($found, $given->patterns));
