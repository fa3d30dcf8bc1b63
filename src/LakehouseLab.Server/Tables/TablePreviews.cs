using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Server.Settings;

namespace LakehouseLab.Server.Tables;

/// <summary>Shows some rows of tables. A preview holds the engine and its memory: a few at once are enough for people.</summary>
internal sealed class TablePreviews(Lake lake, ServiceOptions options) : IDisposable
{
    private const int MostAtOnce = 2;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SemaphoreSlim _previews = new(MostAtOnce);

    /// <summary>Some rows of a table, as a list of JSON objects.</summary>
    /// <param name="name">The table.</param>
    /// <param name="limit">How many rows at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(TableName name, int limit, CancellationToken cancellationToken)
    {
        await _previews.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using LakeQuery query = new(lake, options.Threads);
            using QueryResult result = await query.RunAsync(FormattableString.Invariant($"SELECT * FROM \"{name.Layer}\".\"{name.Name}\" LIMIT {limit}"), cancellationToken).ConfigureAwait(false);
            ArrayBufferWriter<byte> rows = new();
            using Utf8JsonWriter writer = new(rows, s_json);
            writer.WriteStartArray();
            while (result.ReadChunk())
            {
                for (int row = 0; row < result.RowCount; row++)
                {
                    result.WriteJson(writer, row);
                }
            }

            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            return rows.WrittenMemory;
        }
        finally
        {
            _previews.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _previews.Dispose();
}
