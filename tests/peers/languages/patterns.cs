// Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
using System.Text.RegularExpressions;
using System.Web.Script.Serialization;

var json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };
var given = json.Deserialize<Dictionary<string, string[]>>(Console.In.ReadToEnd());
var found = given["patterns"].Select(pattern => given["texts"].Select(text => Regex.IsMatch(text, pattern)));
Console.Write(json.Serialize(found));
