using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Repair;

/// <summary>Says what a table would accept instead of a record that it refused.</summary>
internal static class AcceptedRecord
{
    /// <summary>Describes it, in one or a few clauses.</summary>
    /// <param name="reason">Why the record was refused.</param>
    /// <param name="model">The table's model.</param>
    /// <param name="schema">What its records look like.</param>
    public static string Describe(string reason, Model model, DomainSchema schema)
    {
        if (reason == QuarantineReasons.Conflict)
        {
            return $"the first record of a key stays: the repaired record needs another {string.Join(" and ", model.Key)}, or the content of the row that {model.Table} has";
        }

        if (reason.StartsWith(QuarantineReasons.BrokenExpectation, StringComparison.Ordinal))
        {
            string name = reason[QuarantineReasons.BrokenExpectation.Length..];
            return model.Expectations.FirstOrDefault(expectation => expectation.Name == name) is { } broken ? broken.Check : $"{model.File} does not expect '{name}' any more: replay the record as it is";
        }

        int colon = reason.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && schema.IndexOf(reason[..colon]) is int index and >= 0
            ? Describe(schema.Fields[index])
            : $"one JSON object in UTF-8 with {string.Join(", ", schema.Fields.Where(field => !field.Nullable).Select(field => field.Name))}";
    }

    /// <summary>Describes a field.</summary>
    private static string Describe(Field field)
    {
        string type = field.Type switch
        {
            FieldType.Int64 => "a whole number of 64 bits",
            FieldType.Decimal => FormattableString.Invariant($"a number of at most {field.Precision} digits, {field.Scale} of them decimals"),
            FieldType.Boolean => "true or false",
            FieldType.Uuid => "a UUID such as 0199e1d6-5d00-7c3a-9f00-3b1c5a2e4d10",
            FieldType.Timestamp => "an RFC 3339 timestamp with at most six decimals, such as 2026-01-31T12:00:00.000Z",
            FieldType.Date => "an ISO 8601 date such as 1987-01-31",
            _ => field.AllowedValues is { } allowed ? $"one of {string.Join(", ", allowed)}" : "text",
        };
        return $"{field.Name}: {type}{(field.Nullable ? ", or absent" : "")}. {field.Description}";
    }
}
