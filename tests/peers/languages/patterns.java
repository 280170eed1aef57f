// Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.json.simple.JSONValue;

class patterns {
    @SuppressWarnings({"unchecked", "deprecation"}) // json-simple is old: its lists and maps don't say what is in them
    public static void main(String[] arguments) {
        var input = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        var given = (Map<String, List<String>>) JSONValue.parse(input);
        var found = given.get("patterns").stream().map(Pattern::compile).map(pattern ->
            given.get("texts").stream().map(text -> pattern.matcher(text).find()).toList()).toList();
        System.out.println(JSONValue.toJSONString(found));
    }
}
