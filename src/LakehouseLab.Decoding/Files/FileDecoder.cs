using LakehouseLab.Decoding.Bronze;
using LakehouseLab.Decoding.Records;
using LakehouseLab.Formats.Csv;
using LakehouseLab.Formats.Lines;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Decoding.Files;

/// <summary>Decodes one Bronze file. For one use.</summary>
/// <param name="domain">The domain of its records.</param>
/// <param name="foreign">Which of them are not the lake's own.</param>
internal sealed class FileDecoder(Domain domain, ForeignRecords foreign)
{
    private readonly RecordParser _parser = new(domain.Schema);
    private readonly Lineage _lineage = new();
    private readonly List<long> _hashes = [];
    private readonly int _eventTime = domain.Schema.IndexOf(domain.Schema.EventTime);

    // The field of each column of the key; -1 for since when the record is valid.
    private readonly int[] _key = [.. domain.Key.Columns.Select(column => domain.Schema.IndexOf(column.Name))];
    private readonly int[] _validFrom = [.. (domain.Validity?.Since ?? []).Select(domain.Schema.IndexOf)];
    private long _records;
    private long _rejected;
    private long? _firstEventTime;
    private long _lastEventTime = long.MinValue;
    private bool _inOrder = true;

    /// <summary>Decodes the file.</summary>
    /// <param name="bronzePath">The file.</param>
    /// <param name="path">The file of decoded records.</param>
    /// <param name="cancellationToken">Ends it between row groups.</param>
    public DecodedFile Decode(string bronzePath, string path, CancellationToken cancellationToken)
    {
        using ParquetFileReader file = new(bronzePath);
        using DecodedFileWriter staged = new(path, domain);
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
        long? last = _firstEventTime is null ? null : _lastEventTime;
        return new DecodedFile(path, new FileSummary(_records, _rejected, _parser.UnknownMembers, foreign.LeftOut, _inOrder, _firstEventTime, last), [.. _hashes]);
    }

    private void Decode(BronzeColumns columns, RejectedOrigins origins, RowGroupReader group, DecodedFileWriter staged)
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

    private void Take(DecodedFileWriter staged, ReadOnlySpan<byte> payload)
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

        long hash = KeyHash.Of(domain.Key, KeyOf(validFrom));
        _hashes.Add(hash);
        staged.Add(_parser, payload, validFrom, hash);
    }

    private KeyWords KeyOf(long? validFrom)
    {
        Span<ulong> words = stackalloc ulong[2];
        int at = 0;
        foreach (int field in _key)
        {
            if (field >= 0 && _parser.Fields[field].Type == FieldType.Uuid)
            {
                (words[at++], words[at++]) = UuidText.Split(_parser.Fields[field].Uuid);
            }
            else
            {
                words[at++] = unchecked((ulong)(field >= 0 ? _parser.Fields[field].Number : validFrom!.Value));
            }
        }

        return new KeyWords(words[0], words[1]);
    }
}
