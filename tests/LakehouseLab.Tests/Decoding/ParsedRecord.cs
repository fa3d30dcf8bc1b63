using System.Globalization;
using System.Text;
using LakehouseLab.Decoding.Records;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.Decoding;

/// <summary>Parses records and tells their values, one text a field: units of the scale, microseconds or days for what is not a text.</summary>
internal static class ParsedRecord
{
    /// <summary>A transaction's members in the schema's order, which tests change.</summary>
    public static IReadOnlyList<(string Name, string Json)> Members { get; } =
    [
        ("transaction_id", "\"01234567-89ab-8def-8123-456789abcdef\""),
        ("user_id", "42"),
        ("amount", "12.50"),
        ("currency", "\"EUR\""),
        ("merchant", "\"Caf\u00e9 \u6771\u4eac\""),
        ("timestamp", "\"2026-01-31T23:59:59.123Z\""),
        ("location", "\"Wien, AT\""),
        ("is_fraud", "false"),
    ];

    /// <summary>The record of the members.</summary>
    public static string Of(IEnumerable<(string Name, string Json)> members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Json}"))}}}";

    /// <summary>The transaction with another value of one member; without the member for null.</summary>
    public static string With(string name, string? json) =>
        Of(Members.Where(member => member.Name != name || json is not null).Select(member => member.Name == name ? (name, json!) : member));

    /// <summary>Parses a record of a domain.</summary>
    /// <returns>The reason, or the values joined by <c> | </c>.</returns>
    public static string Parse(DomainSchema schema, string json)
    {
        RecordParser parser = new(schema);
        return Parse(parser, json);
    }

    /// <summary>Parses a record with a parser that has parsed others.</summary>
    public static string Parse(RecordParser parser, string json)
    {
        byte[] payload = Encoding.UTF8.GetBytes(json);
        return parser.Parse(payload) is { } reason ? $"refused: {reason}" : Values(parser, payload);
    }

    private static string Values(RecordParser parser, byte[] payload)
    {
        List<string> values = [];
        foreach (FieldSlot slot in parser.Fields)
        {
            values.Add(!slot.Present ? "-"
                : slot.Type is FieldType.Text or FieldType.Uuid ? Encoding.UTF8.GetString(parser.TextOf(slot, payload))
                : slot.Number.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(" | ", values);
    }
}
