using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;
using LakehouseLab.Decoding.Json;
using LakehouseLab.Decoding.Records;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.Decoding;

/// <summary>Properties of the decoder: against System.Text.Json, against exact arithmetic, and of one spelling against another.</summary>
public sealed class SpellingTests
{
    // A domain that takes any object: what it refuses is not JSON, or names a member twice.
    private static readonly DomainSchema s_any = BuiltIn.Transaction.Schema with
    {
        Fields = [new Field("known", FieldType.Text, "A text.") { Nullable = true }],
        Key = ["known"],
        EventTime = "known",
    };

    // Pieces of which records and their damage are made.
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"known\":", "\"a\":", "\"\\u0061\":", "\\u", "\\u0041", "\\ud83d", "\\ude00", "\\n", "\\/", "\\x",
        "0", "-", "1", "01", ".", "1.5", "e", "E+", "1e5", "null", "true", "false", "nul", " ", "\t", "\r", "\n", "\0", "\u001f", "\u007f", "\u00e9", "\U0001F600", "\ufeff", "'", "/", "NaN",
    ];

    private static readonly Gen<string> s_piece = Gen.Int[0, s_pieces.Length - 1].Select(index => s_pieces[index]);

    private static readonly Gen<string> s_value = Gen.Recursive<string>((depth, inner) => depth > 3
        ? s_scalar
        : Gen.Frequency(
            (4, s_scalar),
            (1, inner.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]")),
            (1, Gen.Select(s_name, inner).Array[0, 3].Select(ObjectOf))));

    private static Gen<string> s_scalar => Gen.OneOf(
        Gen.Int[0, 8].Select(index => new[] { "null", "true", "false", "0", "-0.0", "12.5e-3", "\"\"", "\"t\\u00e9\\ud83d\\ude00\"", "\"\\ud83d\"" }[index]),
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static Gen<string> s_name => Gen.Int[0, 5].Select(index => new[] { "a", "b", "known", "\\u0061", "\\ud83d", "\u00e9" }[index]);

    [Fact]
    public void Parse_DamagedObjects_IsJsonExactlyWhenSystemTextJsonReadsIt()
    {
        int valid = 0;
        int invalid = 0;
        Gen.Select(Gen.Select(s_name, s_value).Array[0, 4].Select(ObjectOf), Gen.Select(Gen.Int[0, 200], Gen.Int[0, 3], s_piece).Array[0, 2]).Sample(
            (json, damages) =>
            {
                foreach ((int at, int removed, string inserted) in damages)
                {
                    List<Rune> runes = [.. json.EnumerateRunes()];
                    int place = Math.Min(at % (runes.Count + 1), runes.Count);
                    json = string.Concat(runes.Take(place)) + inserted + string.Concat(runes.Skip(place + removed));
                }

                bool expected = IsOneObject(Encoding.UTF8.GetBytes(json));
                Assert.True(expected == (ParsedRecord.Parse(s_any, json) != $"refused: {RecordParser.NotJson}"), json);
                Interlocked.Increment(ref expected ? ref valid : ref invalid);
            },
            iter: 20_000);

        // Else the damage would be too great, or too little, to tell anything.
        Assert.InRange(valid, 2_000, 18_000);
        Assert.InRange(invalid, 2_000, 18_000);
    }

    [Fact]
    public void Parse_OtherSpelling_GivesTheSameValues()
    {
        string expected = ParsedRecord.Parse(BuiltIn.Transaction.Schema, ParsedRecord.Of(ParsedRecord.Members));
        Gen<string> space = Gen.Int[0, 3].Array[0, 3].Select(codes => string.Concat(codes.Select(code => " \t\r\n"[code])));
        Gen.Select(Gen.Shuffle(ParsedRecord.Members.ToArray()), space.Array[4], Gen.Int[0, 3].Array[40]).Sample((members, spaces, styles) =>
        {
            int style = 0;
            IEnumerable<string> spelt = members.Select(member =>
                $"{spaces[0]}{Escape($"\"{member.Name}\"", styles[style++ % 40])}{spaces[1]}:{spaces[2]}{Respell(member.Json, styles[style++ % 40])}{spaces[3]}");
            Assert.Equal(expected, ParsedRecord.Parse(BuiltIn.Transaction.Schema, $"{spaces[1]}{{{string.Join(',', spelt)}}}{spaces[2]}"));
        });
    }

    [Fact]
    public void TryScale_AnyNumber_AgreesWithExactArithmetic() =>
        Gen.Select(Gen.Bool, Gen.OneOf(Gen.ULong, Gen.ULong[0, 99_999]), Gen.Int[0, 25], Gen.Int[-25, 25], Gen.Int[0, 3], Gen.Bool).Sample((negative, digits, fraction, exponent, zeros, plain) =>
        {
            BigInteger magnitude = digits * BigInteger.Pow(10, zeros);
            string text = magnitude.ToString(CultureInfo.InvariantCulture);
            if (fraction > 0)
            {
                text = text.PadLeft(fraction + 1, '0');
                text = $"{text[..^fraction]}.{text[^fraction..]}";
            }

            exponent = plain ? 0 : exponent;
            text = (negative ? "-" : "") + text + (plain ? "" : $"e{exponent}");
            BigInteger mantissa = negative ? -magnitude : magnitude;
            AssertScaled(text, 15, 4, mantissa, exponent - fraction);
            AssertScaled(text, 5, 1, mantissa, exponent - fraction);
            AssertScaled(text, 19, 0, mantissa, exponent - fraction);
        });

    [Fact]
    public void ParseInstant_AnyInstantAndOffset_AgreesWithTheFramework() =>
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks / 10], Gen.Int[-1439, 1439], Gen.Int[0, 6]).Sample((microseconds, offset, fraction) =>
        {
            DateTime local = new(microseconds * 10, DateTimeKind.Unspecified);
            string seconds = local.ToString(fraction == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss." + new string('f', fraction), CultureInfo.InvariantCulture);
            long ticks = DateTime.ParseExact(seconds, ["yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture).Ticks - (offset * TimeSpan.TicksPerMinute);
            string text = FormattableString.Invariant($"{seconds}{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:D2}:{Math.Abs(offset) % 60:D2}");
            bool inRange = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
            Assert.Equal(inRange, Rfc3339.ParseInstant(Encoding.UTF8.GetBytes(text), out long parsed) is null);
            Assert.True(!inRange || parsed == (ticks - DateTime.UnixEpoch.Ticks) / 10, text);
        });

    private static string ObjectOf((string Name, string Value)[] members) =>
        $"{{{string.Join(",", members.Select(member => $"\"{member.Name}\" :{member.Value}"))}}}";

    private static string Escape(string quoted, int style) => style switch
    {
        0 => quoted,
        _ => $"\"{string.Concat(quoted[1..^1].Select((unit, index) => index % (style + 1) == 0 ? FormattableString.Invariant($"\\u{(int)unit:x4}") : unit.ToString()))}\"",
    };

    private static string Respell(string json, int style) => json switch
    {
        ['"', ..] => Escape(json, style),
        "12.50" => new[] { "12.50", "12.5", "1250e-2", "0.00125E+4" }[style],
        "42" => new[] { "42", "42.0", "4.2e1", "420E-1" }[style],
        _ => json,
    };

    private static void AssertScaled(string text, int precision, int scale, BigInteger mantissa, int exponent)
    {
        // The value times 10^scale is whole when the mantissa can be divided; it fits when it has no more digits than the precision.
        int power = exponent + scale;
        (BigInteger units, BigInteger rest) = power >= 0 ? (mantissa * BigInteger.Pow(10, power), 0) : BigInteger.DivRem(mantissa, BigInteger.Pow(10, -power));
        bool fits = rest.IsZero && BigInteger.Abs(units) < BigInteger.Pow(10, precision) && units >= long.MinValue && units <= long.MaxValue;

        JsonScanner general = new(Encoding.UTF8.GetBytes(text));
        Assert.True(general.TryReadNumber(out JsonNumber number) && general.AtEnd, text);
        NumberVerdict verdict = number.TryScale(precision, scale, out long scaled);
        Assert.True(fits == (verdict == NumberVerdict.Exact), $"{text} as decimal({precision},{scale})");
        Assert.True(!fits || scaled == units, text);

        JsonScanner quick = new(Encoding.UTF8.GetBytes(text));
        if (quick.TryReadPlainNumber(Math.Min(18, precision - scale), scale, out long plain))
        {
            Assert.True(fits && plain == units && quick.AtEnd, text);
        }
    }

    // As System.Text.Json reads it; it does not mind names that occur twice or are not text.
    private static bool IsOneObject(byte[] json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 65 });
        Stack<HashSet<string>?> open = new();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Push(open.Count == 0 ? null : []);
                        break;
                    case JsonTokenType.StartArray:
                        open.Push(null);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        string name = reader.GetString()!;
                        if (open.Peek()?.Add(name) == false)
                        {
                            return false;
                        }

                        break;
                }

                if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
