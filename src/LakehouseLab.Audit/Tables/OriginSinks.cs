using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Tables;

/// <summary>Keeps numbers, -1 for absent ones, and appends them to the rows' hashes.</summary>
internal readonly struct OriginSink(ulong[] hashes, long[] values) : IValueSink
{
    public void Null(int row) => Set(row, ValueHash.Null, -1);

    public void Number(int row, long value) => Set(row, ValueHash.Of(value), value);

    public void Text(int row, ReadOnlySpan<byte> bytes) => Set(row, ValueHash.Of(bytes), -1);

    private void Set(int row, ulong code, long value)
    {
        hashes[row] = ValueHash.Append(hashes[row], code);
        values[row] = value;
    }
}

/// <summary>Keeps the numbers of texts that repeat from row to row, and appends the texts to the rows' hashes.</summary>
/// <param name="hashes">The hashes; null when nobody wants them.</param>
/// <param name="numbers">The numbers; -1 for an absent text.</param>
/// <param name="numberOf">Tells a text's number.</param>
internal readonly struct RepeatedTextSink(ulong[]? hashes, int[] numbers, NumberOfText numberOf) : IValueSink
{
    private readonly Memo _memo = new();

    public void Null(int row) => Set(row, -1, ValueHash.Null);

    public void Number(int row, long value) => Set(row, -1, ValueHash.Of(value));

    public void Text(int row, ReadOnlySpan<byte> bytes)
    {
        if (!_memo.Is(bytes))
        {
            _memo.Set(bytes, numberOf(bytes));
        }

        Set(row, _memo.Number, _memo.Code);
    }

    private void Set(int row, int number, ulong code)
    {
        numbers[row] = number;
        if (hashes is not null)
        {
            hashes[row] = ValueHash.Append(hashes[row], code);
        }
    }

    private sealed class Memo
    {
        private byte[]? _text;

        public int Number { get; private set; } = -1;

        public ulong Code { get; private set; }

        public bool Is(ReadOnlySpan<byte> text) => _text is not null && text.SequenceEqual(_text);

        public void Set(ReadOnlySpan<byte> text, int number) => (_text, Number, Code) = (text.ToArray(), number, ValueHash.Of(text));
    }
}

/// <summary>Tells the number of a text.</summary>
internal delegate int NumberOfText(ReadOnlySpan<byte> text);
