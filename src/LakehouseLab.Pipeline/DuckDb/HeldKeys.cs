using System.Data.Common;
using LakehouseLab.Decoding.Records;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>The keys that a table of records holds already.</summary>
internal static class HeldKeys
{
    /// <summary>Hashes the keys of some rows.</summary>
    /// <param name="session">The engine.</param>
    /// <param name="key">What identifies the records.</param>
    /// <param name="relation">The rows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<long[]> HashAsync(DuckDbSession session, KeyCodec key, string relation, CancellationToken cancellationToken) =>
        [.. await session.QueryAsync($"SELECT {string.Join(", ", key.Columns.Select(ValueOf))} FROM {relation} AS held", reader => KeyHash.Of(key, Read(key, reader)), cancellationToken).ConfigureAwait(false)];

    private static string ValueOf(Field column) =>
        column.Type == FieldType.Timestamp ? $"epoch_us({SqlText.Quote(column.Name)})" : SqlText.Quote(column.Name);

    private static KeyWords Read(KeyCodec key, DbDataReader reader)
    {
        Span<ulong> words = stackalloc ulong[2];
        int at = 0;
        for (int column = 0; column < key.Columns.Count; column++)
        {
            if (key.Columns[column].Type == FieldType.Uuid)
            {
                (words[at++], words[at++]) = UuidText.Split(Guid.Parse(reader.GetString(column)));
            }
            else
            {
                words[at++] = unchecked((ulong)reader.GetInt64(column));
            }
        }

        return new KeyWords(words[0], words[1]);
    }
}
