using System.Globalization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Repair;

/// <summary>Reads the quarantine of a lake. A lake whose pipeline has not run has none, which is as if it were empty.</summary>
/// <param name="lake">The lake.</param>
internal sealed class QuarantineReader(Lake lake)
{
    private const int IdLength = 32;

    // Fewer digits are mistyped rather than meant.
    private const int LeastPrefix = 4;

    private const string Columns = "id, table_name, reason, _format, _batch, _source, _offset, epoch_us(_ingested_at), payload, payload_bytes, _emulation_id";

    /// <summary>Reads records.</summary>
    public async Task<QuarantineListing> ListAsync(QuarantineFilter filter, CancellationToken cancellationToken)
    {
        string condition = ConditionOf(filter);
        List<QuarantinedRecord> records = await ReadAsync(
            $"SELECT {Columns} FROM {QuarantineTable.Name} WHERE {condition} ORDER BY _ingested_at DESC, {QuarantineTable.Partition}, _batch DESC, _source, _offset LIMIT {filter.Limit}", cancellationToken).ConfigureAwait(false);
        long total = records.Count < filter.Limit ? records.Count
            : (await QueryAsync($"SELECT count(*) FROM {QuarantineTable.Name} WHERE {condition}", static row => Number(row(0)), cancellationToken).ConfigureAwait(false))[0];
        return new QuarantineListing(total, records);
    }

    /// <summary>Finds one record.</summary>
    /// <param name="id">Its id, or so much of its beginning as names it alone.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidRequestException">It names none, or several.</exception>
    public async Task<QuarantinedRecord> FindAsync(string id, CancellationToken cancellationToken)
    {
        string prefix = id.ToLowerInvariant();
        if (prefix.Length is < LeastPrefix or > IdLength || !prefix.All(char.IsAsciiHexDigit))
        {
            throw new InvalidRequestException($"'{id}' is not the id of a quarantined record: an id has {IdLength} hexadecimal digits, of which the first {LeastPrefix} or more may be given; see lakelab quarantine list");
        }

        List<QuarantinedRecord> found = await ReadAsync(
            $"SELECT {Columns} FROM {QuarantineTable.Name} WHERE starts_with(id, {SqlText.Literal(prefix)}) ORDER BY id LIMIT 2", cancellationToken).ConfigureAwait(false);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new InvalidRequestException($"{QuarantineTable.Name} of lake '{lake.Location}' has no record '{id}': see lakelab quarantine list"),
            _ => throw new InvalidRequestException($"'{id}' begins the ids of several quarantined records, such as {found[0].Id} and {found[1].Id}: give more digits"),
        };
    }

    private static string ConditionOf(QuarantineFilter filter)
    {
        List<string> conditions = ["TRUE"];
        if (filter.Table is { } table)
        {
            conditions.Add($"{QuarantineTable.Partition} = {SqlText.Literal(table[(table.IndexOf('.') + 1)..])}");
        }

        if (filter.Reason is { } reason)
        {
            conditions.Add($"contains(lower(reason), lower({SqlText.Literal(reason)}))");
        }

        if (filter.Since is { } since)
        {
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"epoch_us(_ingested_at) >= {since.ToUnixTimeMilliseconds() * 1000}"));
        }

        return string.Join(" AND ", conditions);
    }

    private Task<List<QuarantinedRecord>> ReadAsync(string sql, CancellationToken cancellationToken) => QueryAsync(
        sql,
        static row => new QuarantinedRecord(
            row(0) ?? "", $"{QuarantineTable.Name.Layer}.{row(1)}", row(2) ?? "", row(3) ?? "", Number(row(4)), row(5) ?? "", Number(row(6)), DateTimeOffset.UnixEpoch.AddMicroseconds(Number(row(7))))
        {
            Payload = row(8),
            PayloadBytes = row(9) is { } bytes ? Convert.FromBase64String(bytes) : null,
            EmulationId = row(10),
        },
        cancellationToken);

    private async Task<List<T>> QueryAsync<T>(string sql, Func<Func<int, string?>, T> read, CancellationToken cancellationToken)
    {
        using LakeQuery query = new(lake, threads: 1);
        using QueryResult result = await query.RunAsync(sql, cancellationToken).ConfigureAwait(false);
        List<T> rows = [];
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                int at = row;
                rows.Add(read(column => result.GetText(at, column)));
            }
        }

        return rows;
    }

    private static long Number(string? text) => long.Parse(text ?? "0", CultureInfo.InvariantCulture);
}
