using System.ComponentModel;
using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>Something that is wrong: a record, a row, or what they are stored in. What is not known is null.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Table">The table, such as <c>silver.transactions</c>, or <c>raw/transaction</c>.</param>
/// <param name="Kind">What is wrong.</param>
public sealed record Finding(AuditLayer Layer, string Table, FindingKind Kind)
{
    /// <summary>The domain; null where several meet.</summary>
    public string? Domain { get; init; }

    /// <summary>How many records or rows it is about: 0 where it is about the table, a file or a document itself.</summary>
    [Description("How many records or rows it is about; 0 where it is about the table, a file or a document itself.")]
    public long Records { get; init; } = 1;

    /// <summary>The row number in the domain; null for what belongs to no row, and in tables of sums.</summary>
    [Description("The row number in the domain.")]
    public long? Row { get; init; }

    /// <summary>The key as a person reads it.</summary>
    [Description("The key as a person reads it.")]
    public string? Key { get; init; }

    /// <summary>Where it is stored, or should be: an object and line, a partition and offset, a file and row.</summary>
    [Description("Where it is stored, or should be.")]
    public string? Place { get; init; }

    /// <summary>The column or field; several are separated by commas.</summary>
    [Description("The column or field; several are separated by commas.")]
    public string? Column { get; init; }

    /// <summary>What should be there; of several columns their values in the same order.</summary>
    [Description("What should be there.")]
    public string? Expected { get; init; }

    /// <summary>What is there; of several columns their values in the same order.</summary>
    [Description("What is there.")]
    public string? Found { get; init; }

    /// <summary>How it came about, as far as that is known.</summary>
    [Description("How it came about, as far as that is known.")]
    public string? Cause { get; init; }

    /// <summary>What to do.</summary>
    [Description("What to do.")]
    public string? Remedy { get; init; }

    /// <summary>All of it but layer and table, in one line.</summary>
    [JsonIgnore]
    public string Text => FindingText.Of(this);

    /// <summary>The same with columns that differ.</summary>
    internal Finding With(IReadOnlyCollection<ColumnDifference> differences) => this with
    {
        Column = string.Join(", ", differences.Select(difference => difference.Column)),
        Expected = string.Join(", ", differences.Select(difference => difference.Expected ?? "nothing")),
        Found = string.Join(", ", differences.Select(difference => difference.Found ?? "nothing")),
    };
}

/// <summary>A column whose value is not what it should be.</summary>
/// <param name="Column">The column.</param>
/// <param name="Expected">What should be there; null for nothing.</param>
/// <param name="Found">What is there; null for nothing.</param>
internal sealed record ColumnDifference(string Column, string? Expected, string? Found);
