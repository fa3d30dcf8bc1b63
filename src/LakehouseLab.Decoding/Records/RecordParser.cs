using System.Buffers.Text;
using LakehouseLab.Decoding.Json;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Decoding.Records;

/// <summary>
/// Parses the records of a domain strictly: JSON as RFC 8259 has it, each name once, each value of its field's type. Fields are
/// expected in the schema's order and found in any. Not thread-safe.
/// </summary>
/// <param name="schema">The domain.</param>
public sealed class RecordParser(DomainSchema schema)
{
    /// <summary>The reason for what is not a record at all.</summary>
    public const string NotJson = "not one JSON object";

    // Deeper values exist only to exhaust a parser's stack.
    private const int MaxDepth = 64;

    private readonly FieldSlot[] _slots = [.. schema.Fields.Select(field => new FieldSlot(field))];
    private readonly MemberNames _unknownNames = new();
    private byte[] _scratch = new byte[256];
    private int _scratchLength;
    private string? _problem;

    /// <summary>The fields, with the values of the record parsed last.</summary>
    public ReadOnlySpan<FieldSlot> Fields => _slots;

    /// <summary>Members of all records parsed so far that the schema does not know.</summary>
    public long UnknownMembers { get; private set; }

    /// <summary>Parses a record.</summary>
    /// <param name="payload">The record, valid UTF-8.</param>
    /// <returns>Why it cannot be taken, or null when it can.</returns>
    public string? Parse(ReadOnlySpan<byte> payload)
    {
        foreach (FieldSlot slot in _slots)
        {
            slot.Clear();
        }

        _problem = null;
        _scratchLength = 0;
        JsonScanner scanner = new(payload);
        scanner.SkipWhitespace();
        if (!TryReadObject(ref scanner, payload))
        {
            return NotJson;
        }

        scanner.SkipWhitespace();
        return !scanner.AtEnd ? NotJson : _problem ?? FindAbsent();
    }

    /// <summary>The text of a field of the record parsed last.</summary>
    /// <param name="slot">The field.</param>
    /// <param name="payload">The record.</param>
    public ReadOnlySpan<byte> TextOf(FieldSlot slot, ReadOnlySpan<byte> payload) =>
        (slot.InScratch ? _scratch : payload).Slice(slot.TextStart, slot.TextLength);

    private bool TryReadObject(ref JsonScanner scanner, ReadOnlySpan<byte> payload)
    {
        if (!scanner.TryTake((byte)'{'))
        {
            return false;
        }

        scanner.SkipWhitespace();
        if (scanner.TryTake((byte)'}'))
        {
            return true;
        }

        int expected = 0;
        bool unknown = false;
        do
        {
            scanner.SkipWhitespace();
            if (expected < _slots.Length && scanner.TryTake(_slots[expected].Member))
            {
                scanner.SkipWhitespace();
            }
            else if (!TryReadName(ref scanner, ref unknown, out expected))
            {
                return false;
            }

            if (!(expected < 0 ? scanner.TrySkipValue(MaxDepth) : TryReadValue(ref scanner, _slots[expected], payload)))
            {
                return false;
            }

            expected++;
            scanner.SkipWhitespace();
        }
        while (scanner.TryTake((byte)','));

        return scanner.TryTake((byte)'}');
    }

    // The index of the member's field, or -1 for a member that the schema does not know.
    private bool TryReadName(ref JsonScanner scanner, ref bool unknown, out int index)
    {
        index = -1;
        if (!scanner.TryReadString(out ReadOnlySpan<byte> name, out bool escaped) || !scanner.TrySkipColon())
        {
            return false;
        }

        Span<byte> unescaped = escaped ? new byte[name.Length] : [];
        if (escaped)
        {
            if (!JsonText.TryUnescape(name, unescaped, out int length))
            {
                return false;
            }

            name = unescaped[..length];
        }

        for (int i = 0; i < _slots.Length; i++)
        {
            if (name.SequenceEqual(_slots[i].Name))
            {
                index = i;
                return true;
            }
        }

        UnknownMembers++;
        if (!unknown)
        {
            _unknownNames.Clear();
            unknown = true;
        }

        if (!_unknownNames.TryAdd(name, escaped: false))
        {
            _problem ??= "a member occurs twice";
        }

        return true;
    }

    private bool TryReadValue(ref JsonScanner scanner, FieldSlot slot, ReadOnlySpan<byte> payload)
    {
        if (slot.Seen)
        {
            _problem ??= $"{slot.Field.Name}: occurs twice";
            return scanner.TrySkipValue(MaxDepth);
        }

        slot.Seen = true;
        if (scanner.Next == (byte)'n')
        {
            return scanner.TryTake("null"u8);
        }

        return (slot.Type, scanner.Next) switch
        {
            (FieldType.Int64 or FieldType.Decimal, (byte)'-' or (>= (byte)'0' and <= (byte)'9')) => TryReadNumber(ref scanner, slot),
            (FieldType.Boolean, (byte)'t' or (byte)'f') => TryReadBoolean(ref scanner, slot),
            (FieldType.Text or FieldType.Uuid or FieldType.Timestamp or FieldType.Date, (byte)'"') => TryReadText(ref scanner, slot, payload),
            _ => Refuse(ref scanner, slot),
        };
    }

    private bool TryReadNumber(ref JsonScanner scanner, FieldSlot slot)
    {
        slot.Present = true;
        if (scanner.TryReadPlainNumber(slot.WholeDigits, slot.Scale, out long plain))
        {
            slot.Number = plain;
            return true;
        }

        if (!scanner.TryReadNumber(out JsonNumber number))
        {
            return false;
        }

        bool whole = slot.Field.Type == FieldType.Int64;
        NumberVerdict verdict = number.TryScale(whole ? 19 : slot.Field.Precision, slot.Field.Scale, out long units);
        slot.Number = units;
        _problem ??= verdict switch
        {
            NumberVerdict.TooManyDecimals when whole => $"{slot.Field.Name}: no whole number",
            NumberVerdict.TooManyDecimals => $"{slot.Field.Name}: more than {slot.Field.Scale} decimals",
            NumberVerdict.TooManyDigits when whole => $"{slot.Field.Name}: beyond 64 bits",
            NumberVerdict.TooManyDigits => $"{slot.Field.Name}: more than {slot.Field.Precision} digits",
            _ => null,
        };
        return true;
    }

    private static bool TryReadBoolean(ref JsonScanner scanner, FieldSlot slot)
    {
        slot.Present = true;
        slot.Number = scanner.Next == (byte)'t' ? 1 : 0;
        return scanner.TryTake("true"u8) || scanner.TryTake("false"u8);
    }

    private bool TryReadText(ref JsonScanner scanner, FieldSlot slot, ReadOnlySpan<byte> payload)
    {
        int start = scanner.Position + 1;
        if (!scanner.TryReadString(out ReadOnlySpan<byte> text, out bool escaped))
        {
            return false;
        }

        slot.Present = true;
        slot.InScratch = escaped;
        slot.TextStart = start;
        slot.TextLength = text.Length;
        if (escaped && !TryUnescape(slot, text))
        {
            _problem ??= $"{slot.Field.Name}: a surrogate without its other half";
            return true;
        }

        Check(slot, TextOf(slot, payload));
        return true;
    }

    private bool TryUnescape(FieldSlot slot, ReadOnlySpan<byte> text)
    {
        Span<byte> to = Reserve(text.Length);
        slot.TextStart = _scratchLength;
        if (!JsonText.TryUnescape(text, to, out int length))
        {
            return false;
        }

        slot.TextLength = length;
        _scratchLength += length;
        return true;
    }

    private Span<byte> Reserve(int length)
    {
        if (_scratch.Length - _scratchLength < length)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _scratchLength + length));
        }

        return _scratch.AsSpan(_scratchLength);
    }

    private void Check(FieldSlot slot, ReadOnlySpan<byte> text)
    {
        if (slot.InScratch && text.Contains((byte)0))
        {
            _problem ??= $"{slot.Field.Name}: a NUL character";
        }

        switch (slot.Type)
        {
            case FieldType.Uuid:
                CheckUuid(slot, text);
                break;
            case FieldType.Timestamp:
                if (Rfc3339.ParseInstant(text, out long microseconds) is { } unkept)
                {
                    _problem ??= $"{slot.Field.Name}: {unkept}";
                }

                slot.Number = microseconds;
                break;
            case FieldType.Date:
                if (Rfc3339.ParseDate(text, out int day) is { } problem)
                {
                    _problem ??= $"{slot.Field.Name}: {problem}";
                }

                slot.Number = day;
                break;
            default:
                if (slot.Allowed is not null && !IsAllowed(slot.Allowed, text))
                {
                    _problem ??= $"{slot.Field.Name}: none of {string.Join(", ", slot.Field.AllowedValues!)}";
                }

                break;
        }
    }

    // The value decides, not its spelling: it is written in lower case.
    private void CheckUuid(FieldSlot slot, ReadOnlySpan<byte> text)
    {
        if (text.Length != 36 || !Utf8Parser.TryParse(text, out Guid uuid, out int consumed, 'D') || consumed != text.Length)
        {
            _problem ??= $"{slot.Field.Name}: no UUID";
            return;
        }

        slot.Uuid = uuid;
        if (text.IndexOfAnyInRange((byte)'A', (byte)'F') < 0)
        {
            return;
        }

        Span<byte> lower = Reserve(text.Length);
        uuid.TryFormat(lower, out int length, "D");
        slot.InScratch = true;
        slot.TextStart = _scratchLength;
        _scratchLength += length;
    }

    private static bool IsAllowed(byte[][] allowed, ReadOnlySpan<byte> text)
    {
        foreach (byte[] value in allowed)
        {
            if (text.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    private bool Refuse(ref JsonScanner scanner, FieldSlot slot)
    {
        string found = scanner.Next switch
        {
            (byte)'"' => NameOfText(scanner),
            (byte)'{' => "an object",
            (byte)'[' => "a list",
            (byte)'t' or (byte)'f' => "true or false",
            _ => "a number",
        };
        string wanted = slot.Field.Type switch
        {
            FieldType.Int64 or FieldType.Decimal => "a number",
            FieldType.Boolean => "true or false",
            _ => "text",
        };
        _problem ??= $"{slot.Field.Name}: {found} instead of {wanted}";
        return scanner.TrySkipValue(MaxDepth);
    }

    // What Parquet's numbers can be and JSON's cannot is a text in Bronze.
    private static string NameOfText(JsonScanner scanner) =>
        scanner.TryReadString(out ReadOnlySpan<byte> text, out _) && (text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8))
            ? System.Text.Encoding.UTF8.GetString(text)
            : "text";

    private string? FindAbsent()
    {
        foreach (FieldSlot slot in _slots)
        {
            if (slot.Required && !slot.Present)
            {
                return $"{slot.Field.Name}: absent";
            }
        }

        return null;
    }
}
