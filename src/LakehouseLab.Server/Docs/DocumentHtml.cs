using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace LakehouseLab.Server.Docs;

/// <summary>Writes documents as pages: objects as tables of names and values, lists of objects as tables with columns.</summary>
internal static class DocumentHtml
{
    private const int SecondsUntilReload = 5;
    private const string Style = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:80rem}table{border-collapse:collapse}th,td{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #8884}th{font-weight:600}";

    /// <summary>What lets the page have its style, and nothing else.</summary>
    public static string StylePolicy { get; } = $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="document">What it shows.</param>
    /// <param name="isLive">Whether it loads itself again.</param>
    public static string Write(string title, JsonNode document, bool isLive)
    {
        StringBuilder html = new();
        string shown = HtmlEncoder.Default.Encode(title);
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        if (isLive)
        {
            html.Append(System.Globalization.CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"{SecondsUntilReload}\">\n");
        }

        html.Append("<title>").Append(shown).Append("</title>\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<h1>").Append(shown).Append("</h1>\n");
        Append(html, document, "");
        return html.Append("\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder html, JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                AppendMembers(html, members, name);
                break;
            case JsonArray { Count: > 0 } items when items.All(static item => item is JsonObject):
                AppendRows(html, items);
                break;
            case JsonArray items:
                html.AppendJoin(", ", items.Select(Text));
                break;
            case JsonObject:
                break;
            default:
                AppendText(html, Text(node), isLink: name.StartsWith("link", StringComparison.Ordinal));
                break;
        }
    }

    private static void AppendMembers(StringBuilder html, JsonObject members, string name)
    {
        html.Append("<table>");
        foreach ((string member, JsonNode? value) in members)
        {
            html.Append("<tr><th>").Append(Encoded(member)).Append("</th><td>");
            Append(html, value, name == "links" ? name : member);
            html.Append("</td></tr>\n");
        }

        html.Append("</table>");
    }

    private static void AppendRows(StringBuilder html, JsonArray items)
    {
        List<string> columns = [.. items.SelectMany(static item => item!.AsObject().Select(static member => member.Key)).Distinct()];
        html.Append("<table><tr>");
        columns.ForEach(column => html.Append("<th>").Append(Encoded(column)).Append("</th>"));
        html.Append("</tr>\n");
        foreach (JsonNode? item in items)
        {
            html.Append("<tr>");
            foreach (string column in columns)
            {
                html.Append("<td>");
                if (item![column] is { } value)
                {
                    Append(html, value, column);
                }

                html.Append("</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</table>");
    }

    // Links are the service's own; what others wrote is never one.
    private static void AppendText(StringBuilder html, string text, bool isLink)
    {
        if (isLink && text.StartsWith('/'))
        {
            html.Append("<a href=\"").Append(text).Append("\">").Append(text).Append("</a>");
        }
        else
        {
            html.Append(text);
        }
    }

    private static string Text(JsonNode? node) => Encoded(node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "");

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
