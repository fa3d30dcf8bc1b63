using System.IO.Hashing;
using System.Text;
using LakehouseLab.Decoding.Tasks;

namespace LakehouseLab.Tests.Decoding.Tasks;

/// <summary>Programs that tell the same fingerprint must decode alike.</summary>
public sealed class DecoderFingerprintTests
{
    private static readonly string[] s_values =
    [
        "null", "\"\"", "0", "-0", "1", "-1.5", "0.1e1", "12.505", "1e400", "9223372036854775808", "01", "+1", "NaN", "true", "\"true\"", "\"EUR\"", "\"eur\"", "\"\\u0000\"", "\"\\ud800\"", "\"a\\n\"",
        "\"01234567-89AB-8def-8123-456789abcdef\"", "\"0123456789ab8def8123456789abcdef\"", "\"2026-02-29T00:00:00Z\"", "\"2026-01-31T23:59:60Z\"", "\"2026-01-31t23:59:59.1234567z\"",
        "\"2026-01-31T23:59:59+02:00\"", "\"2026-01-31\"", "[]", "{\"a\":1}", "",
    ];

    private static readonly string[] s_records = ["", "{}", "[]", "null", "{", "{\"a\":1}", "{\"a\":1,\"a\":2}", " \t{}\r ", "{}{}", "\ufeff{}", "{\"amount\":1,}", "{'amount':1}"];

    /// <summary>If this fails because a record gets another verdict or value, raise the fingerprint's rules; then pin both here.</summary>
    [Fact]
    public void Value_OfTheDecoderAsItIs_BelongsToItsVerdicts() =>
        Assert.Equal(("11892c0ff4d65e9d23c9f9ae0bbcee70", "4ba72b95f439434517f52be9726a24bc"), (DecoderFingerprint.Value, Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(string.Join('\n', Verdicts()))))));

    private static IEnumerable<string> Verdicts()
    {
        IEnumerable<string> spoilt = ParsedRecord.Members.SelectMany(member => s_values.Select(value => ParsedRecord.With(member.Name, value)).Append(ParsedRecord.With(member.Name, null)));
        string whole = ParsedRecord.Of(ParsedRecord.Members);
        return spoilt.Concat(s_records).Append(whole).Append(whole[..^1]).Select(record => ParsedRecord.Parse(BuiltIn.Transaction.Schema, record));
    }
}
