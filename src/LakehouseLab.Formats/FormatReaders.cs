using LakehouseLab.Formats.Csv;
using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Formats;

/// <summary>Who reads which format.</summary>
public static class FormatReaders
{
    /// <summary>Opens a raw object.</summary>
    /// <param name="store">The store that it is in.</param>
    /// <param name="key">The object.</param>
    /// <param name="schema">The domain of its records.</param>
    /// <param name="format">What is in it.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">There is no such object, or the store failed.</exception>
    /// <exception cref="UnreadableObjectException">The object is not what its format says.</exception>
    public static async ValueTask<RecordReader> OpenAsync(IObjectStore store, string key, DomainSchema schema, ChunkFormat format, CancellationToken cancellationToken)
    {
        string place = $"{store.Location}/{key}";
        if (format.Format == RecordFormat.Parquet)
        {
            return await ParquetRecordReader.OpenAsync(store, key, place, schema, cancellationToken).ConfigureAwait(false);
        }

        ContentStream content = new(await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false), format.Compression, place);
        return format.Format == RecordFormat.Csv ? CsvRecordReader.Open(content, place, schema) : new JsonRecordReader(content, place);
    }
}
