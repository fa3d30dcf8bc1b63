using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Compares the rows of a table with those that a test expects, in any order and in the columns that the test states.</summary>
internal static class RowComparison
{
    private const string Absent = "null";

    /// <summary>Compares.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="table">The table.</param>
    /// <param name="expected">The rows.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The first difference in a sentence; null when there is none.</returns>
    /// <exception cref="World.Requests.InvalidRequestException">The expected rows are not of the table.</exception>
    public static async Task<string?> FindDifferenceAsync(Lake lake, FixtureTable table, FixtureRows expected, CancellationToken cancellationToken)
    {
        table.Check(expected);
        IReadOnlyList<string> columns = expected.Columns.Count > 0 ? expected.Columns : [.. table.Schema.Fields.Select(field => field.Name)];
        List<(string Text, string Place)> wanted = [.. expected.Rows.Select(row => (TextOf(columns, column => Wanted(table, row, column)), row.Place))];
        List<string> found = await ReadAsync(lake, table, columns, cancellationToken).ConfigureAwait(false);
        List<string> surplus = [.. found];
        List<(string Text, string Place)> missing = [.. wanted.Where(row => !surplus.Remove(row.Text))];
        return (missing.Count, surplus.Count) switch
        {
            (0, 0) => null,
            (0, _) => $"{table.Name} has a row that is not expected: {surplus[0]}{More(surplus.Count)}",
            (_, 0) => $"{table.Name} lacks the row of {missing[0].Place}: {missing[0].Text}{More(missing.Count)}",
            _ => $"{table.Name} lacks the row of {missing[0].Place}: {missing[0].Text}; it has {Nearest(surplus, missing[0].Text)} instead{More(Math.Max(missing.Count, surplus.Count))}",
        };
    }

    private static string? Wanted(FixtureTable table, FixtureRow row, string column) =>
        row.Values.GetValueOrDefault(column) is { } text ? Shown(table.TypeOf(column, row), table.Normalize(column, text, row)) : null;

    // A text that says null is not the absent value.
    private static string Shown(string type, string text) => type == "string" ? SqlText.Literal(text) : text;

    private static async Task<List<string>> ReadAsync(Lake lake, FixtureTable table, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        using LakeQuery query = new(lake, threads: 1);
        using QueryResult result = await query.RunAsync($"SELECT {string.Join(", ", columns.Select(SqlText.Quote))} FROM {table.Name}", cancellationToken).ConfigureAwait(false);
        string[] types = [.. columns.Select(column => table.TypeOf(column, new FixtureRow(table.Name.ToString(), new Dictionary<string, string?>())))];
        List<string> rows = [];
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                string?[] texts = [.. types.Select((type, index) => result.GetText(row, index) is { } text ? Shown(type, FixtureValue.TryNormalize(type, text) ?? text) : null)];
                rows.Add(TextOf(columns, column => texts[columns.IndexOf(column)]));
            }
        }

        return rows;
    }

    private static int IndexOf(this IReadOnlyList<string> columns, string column) => columns.TakeWhile(other => other != column).Count();

    private static string TextOf(IReadOnlyList<string> columns, Func<string, string?> valueOf) =>
        $"{{{string.Join(", ", columns.Select(column => $"{column}: {valueOf(column) ?? Absent}"))}}}";

    // The row that has most in common with another is most likely meant.
    private static string Nearest(IEnumerable<string> rows, string text) =>
        rows.MaxBy(row => row.Split(", ").Intersect(text.Split(", "), StringComparer.Ordinal).Count())!;

    private static string More(int rows) => rows > 1 ? $" (and {rows - 1} more)" : "";
}
