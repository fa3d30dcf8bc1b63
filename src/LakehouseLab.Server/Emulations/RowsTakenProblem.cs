using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Emulations;

/// <summary>The problem that another emulation has the rows that one needs, for programs to read. Conflicts of other kinds leave its members out.</summary>
internal sealed class RowsTakenProblem : ProblemDetails
{
    [Description("The emulation that has some of the rows; absent in conflicts about anything else.")]
    public RowsHolder? TakenBy { get; init; }

    [Description("The first row after all that the lake's emulations have; absent in conflicts about anything else.")]
    public long? NextRow { get; init; }
}

/// <summary>An emulation that has rows which another one needs.</summary>
internal sealed record RowsHolder(
    [property: Description("The emulation.")] Guid Id,
    [property: Description("Its state; as its manifest says when the service does not know it, and unknown when the lake has no manifest of it.")] string Status,
    [property: Description("The first row that it has.")] long FirstRow,
    [property: Description("How many rows it has from there on.")] long Rows,
    [property: Description("The fields in which the request differs from it: rows for other rows, and the names of settings that records, or what they are put into, depend on. Empty when it is the emulation that was asked for.")] IReadOnlyList<string> DiffersIn)
{
    [Description("Its settings, as far as they are known; absent when none is.")]
    public JsonObject? Settings { get; init; }

    [Description("The emulation's address; absent when the service does not know it.")]
    public string? Link { get; init; }
}
