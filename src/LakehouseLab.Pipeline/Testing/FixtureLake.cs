using System.Security.Cryptography;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>A lake of a test's own in a temporary folder, whose input tables the test fills. Deleted when disposed of.</summary>
internal sealed class FixtureLake : IDisposable
{
    private const string Flow = "fixture";

    private readonly ScratchFolder _folder;
    private readonly DuckDbOptions _options;
    private readonly TimeProvider _clock;

    private FixtureLake(ScratchFolder folder, Lake lake, DuckDbOptions options, TimeProvider clock) =>
        (_folder, Lake, _options, _clock) = (folder, lake, options, clock);

    /// <summary>The lake.</summary>
    public Lake Lake { get; }

    /// <summary>Makes an empty one.</summary>
    /// <param name="options">What the writing of its tables may take of the machine.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<FixtureLake> CreateAsync(DuckDbOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"lakelab-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        Directory.CreateDirectory(folder);
        return new FixtureLake(new ScratchFolder(folder), await Lake.OpenAsync(folder, cancellationToken).ConfigureAwait(false), options, clock);
    }

    /// <summary>Appends rows to a table, which is made when it is not there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows; columns that a row leaves out are absent.</param>
    /// <param name="batch">The number of this batch, from 0 and growing.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InvalidRequestException">A value does not fit its column, or there is no such column.</exception>
    public async Task AppendAsync(FixtureTable table, IReadOnlyList<FixtureRow> rows, long batch, CancellationToken cancellationToken)
    {
        TableVersion version = await new TableCreation(new TableVersions(Lake), _clock).OpenAsync(
            table.Name, table.Schema, table.PartitionBy, "Rows of a test.", table.Engine, cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return;
        }

        await using DuckDbEngine engine = new(Lake, _options, _clock);
        await using IEngineSession session = engine.Begin();
        string values = string.Join(",\n", rows.Select((row, index) => $"({string.Join(", ", table.Schema.Fields.Select(field => LiteralOf(session, table, field, row, index)))})"));
        string query = $"SELECT * FROM (VALUES {values}) AS given({string.Join(", ", table.Schema.Fields.Select(field => SqlText.Quote(field.Name)))})";
        StagedRows staged = await session.StageAsync(new TableWrite(version, ReplacedRows.Nothing), query, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(staged, Flow, batch, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string LiteralOf(IEngineSession session, FixtureTable table, StructField field, FixtureRow row, int index)
    {
        string type = session.TypeOf(field.Type);
        string? text = row.Values.TryGetValue(field.Name, out string? stated) ? stated : table.DefaultOf(field.Name, index);
        if (text is null)
        {
            return $"CAST(NULL AS {type})";
        }

        string value = table.Normalize(field.Name, text, row);
        return field.Type == PrimitiveType.Binary ? $"unhex('{Convert.ToHexString(Convert.FromBase64String(value))}')" : $"CAST({SqlText.Literal(value)} AS {type})";
    }
}
