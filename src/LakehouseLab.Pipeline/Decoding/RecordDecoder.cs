using System.Globalization;
using LakehouseLab.Emulation.Csv;
using LakehouseLab.Emulation.Formats.Lines;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Parquet;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Pipeline.Decoding;

/// <summary>
/// Makes typed records of Bronze's payloads: the one place that knows what a record of a domain looks like in JSON. Engines read its
/// files and need no JSON of their own.
/// </summary>
/// <param name="schema">The domain.</param>
/// <param name="foreign">The emulations whose records are not the lake's own.</param>
/// <param name="treatment">What becomes of their records.</param>
internal sealed class RecordDecoder(DomainSchema schema, IReadOnlyList<string> foreign, ForeignTreatment treatment)
{
    /// <summary>Decodes Bronze files, each into a file of its own.</summary>
    /// <param name="files">Local paths of the Bronze files.</param>
    /// <param name="folder">Folder for the decoded ones.</param>
    /// <param name="threads">Files that are decoded at once.</param>
    /// <param name="cancellationToken">Ends it between row groups.</param>
    /// <exception cref="StorageException">A file cannot be read or written.</exception>
    public async Task<DecodedRecords> DecodeAsync(IReadOnlyList<string> files, string folder, int threads, CancellationToken cancellationToken)
    {
        DecodedFile[] decoded = new DecodedFile[files.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Count, options, (file, token) =>
        {
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file:D8}.parquet"));
            try
            {
                decoded[file] = new FileDecoder(schema, new ForeignRecords(foreign, treatment)).Decode(files[file], path, token);
            }
            catch (Exception exception) when (ParquetFailure.Is(exception))
            {
                throw ParquetFailure.Describe($"decode {files[file]}", exception);
            }

            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return new DecodedRecords(decoded);
    }

    /// <summary>Decodes one file.</summary>
    private sealed class FileDecoder(DomainSchema schema, ForeignRecords foreign)
    {
        private readonly RecordParser _parser = new(schema);
        private readonly Lineage _lineage = new();
        private readonly List<long> _hashes = [];
        private readonly int _eventTime = schema.IndexOf(schema.EventTime);
        private readonly int _key = schema.IndexOf(schema.Key[0]);
        private readonly int[] _validFrom = [.. (schema.ValidFrom ?? []).Select(schema.IndexOf)];
        private long _records;
        private long _rejected;
        private long? _firstEventTime;
        private long _lastEventTime = long.MinValue;
        private bool _inOrder = true;

        public DecodedFile Decode(string bronzePath, string path, CancellationToken cancellationToken)
        {
            using ParquetFileReader file = new(bronzePath);
            using StagedFile staged = new(path, schema);
            BronzeColumns columns = new(file);
            BronzeColumns aside = new(file);
            _hashes.EnsureCapacity((int)file.FileMetaData.NumRows);
            for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using RowGroupReader rows = file.RowGroup(group);
                Decode(columns, new RejectedOrigins(aside, rows), rows, staged);
            }

            staged.Close();
            return new DecodedFile(path, _records, _rejected, _parser.UnknownMembers, [.. _hashes], _inOrder, _firstEventTime ?? 0, _lastEventTime)
            {
                LeftOut = foreign.LeftOut,
            };
        }

        private void Decode(BronzeColumns columns, RejectedOrigins origins, RowGroupReader group, StagedFile staged)
        {
            int rows = (int)group.MetaData.NumRows;
            _lineage.Read(columns, group, rows);
            foreign.Read(columns, group, rows);
            columns.ReadBytes(group, "payload", rows, (row, present, payload) =>
            {
                if (foreign.IsForeign(row) && foreign.AreLeftOut)
                {
                    foreign.LeaveOut(row);
                    staged.AddLeftOut();
                    return;
                }

                ReadOnlySpan<byte> record = ByteOrderMark.IsAt(payload) && origins.IsStartOfObjectAt(row) ? ByteOrderMark.Strip(payload) : payload;
                string? reason = foreign.IsForeign(row) ? ForeignRecords.Reason
                    : present ? _parser.Parse(record) : origins.HasBinaryAt(row) ? "not UTF-8" : "no value, as in a tombstone";
                if (reason is null)
                {
                    Take(staged, record);
                }
                else
                {
                    _rejected++;
                    bool isAbsent = !present && !origins.HasBinaryAt(row);
                    reason = reason == RecordParser.NotJson && origins.FormatAt(row).SequenceEqual("csv"u8) ? CsvFault.Describe(payload) : reason;
                    staged.AddRejected(reason, new BronzeRow(present ? payload : origins.BinaryAt(row), present, isAbsent, origins.FormatAt(row), origins.EmulationAt(row)));
                }
            });
            _records += rows;
            staged.Flush(_lineage);
        }

        private void Take(StagedFile staged, ReadOnlySpan<byte> payload)
        {
            FieldSlot eventTime = _parser.Fields[_eventTime];
            if (eventTime.Present)
            {
                _inOrder &= eventTime.Number >= _lastEventTime;
                _lastEventTime = eventTime.Number;
                _firstEventTime ??= eventTime.Number;
            }

            long? validFrom = null;
            foreach (int field in _validFrom)
            {
                validFrom ??= _parser.Fields[field].Present ? _parser.Fields[field].Number : null;
            }

            FieldSlot key = _parser.Fields[_key];
            long hash = validFrom is null ? KeyHash.OfUuid(key.Uuid) : KeyHash.OfProfile(key.Number, validFrom.Value);
            _hashes.Add(hash);
            staged.Add(_parser, payload, validFrom, hash);
        }
    }
}
