using LakehouseLab.Decoding.Records;

namespace LakehouseLab.Tests.Decoding;

public sealed class RecordParserTests
{
    private const string NotJson = "refused: not one JSON object";

    [Fact]
    public void Parse_PlainRecord_GivesItsValues() => Assert.Equal(
        "01234567-89ab-8def-8123-456789abcdef | 42 | 125000 | EUR | Caf\u00e9 \u6771\u4eac | 1769903999123000 | Wien, AT | 0",
        Parse(ParsedRecord.Of(ParsedRecord.Members)));

    [Theory]
    [InlineData("amount", "1e2", "1000000")]
    [InlineData("amount", "12.50000", "125000")]
    [InlineData("amount", "0.0001E4", "10000")]
    [InlineData("amount", "-0", "0")]
    [InlineData("amount", "0e999999999999", "0")]
    [InlineData("amount", "0.00000000000000000000000000000000000000000000", "0")]
    [InlineData("amount", "-12345678901.2345", "-123456789012345")]
    [InlineData("amount", "123456789012345e-4", "123456789012345")]
    [InlineData("user_id", "100.0", "100")]
    [InlineData("user_id", "1e2", "100")]
    [InlineData("user_id", "9223372036854775807", "9223372036854775807")]
    [InlineData("user_id", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("merchant", "\"\"", "")]
    [InlineData("merchant", "\"a\\u0041\\n\\/\\\"\\\\\"", "aA\n/\"\\")]
    [InlineData("merchant", "\"\\ud83d\\ude00\"", "\U0001F600")]
    [InlineData("merchant", "\"\u007f\u0085\ufeff\"", "\u007f\u0085\ufeff")]
    [InlineData("transaction_id", "\"01234567-89AB-8DEF-8123-456789ABCDEF\"", "01234567-89ab-8def-8123-456789abcdef")]
    [InlineData("transaction_id", "\"\\u00301234567-89AB-8def-8123-456789abcdef\"", "01234567-89ab-8def-8123-456789abcdef")]
    [InlineData("timestamp", "\"2026-02-01T00:59:59.123+01:00\"", "1769903999123000")]
    [InlineData("timestamp", "\"2026-01-31t23:59:59.123456z\"", "1769903999123456")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59.123000000-00:00\"", "1769903999123000")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59Z\"", "1769903999000000")]
    [InlineData("timestamp", "\"0001-01-01T00:00:00Z\"", "-62135596800000000")]
    [InlineData("timestamp", "\"9999-12-31T23:59:59.999999Z\"", "253402300799999999")]
    [InlineData("timestamp", "\"2024-02-29T00:00:00\\u005a\"", "1709164800000000")]
    [InlineData("is_fraud", "true", "1")]
    [InlineData("is_fraud", "null", "-")]
    [InlineData("is_fraud", null, "-")]
    public void Parse_AnySpelling_TheValueDecides(string field, string? json, string value) => Assert.Equal(
        Parse(ParsedRecord.Of(ParsedRecord.Members)).Split(" | ").Select((text, index) => index == BuiltIn.Transaction.Schema.IndexOf(field) ? value : text),
        Parse(ParsedRecord.With(field, json)).Split(" | "));

    [Theory]
    [InlineData("amount", "12.34567", "amount: more than 4 decimals")]
    [InlineData("amount", "1e-5", "amount: more than 4 decimals")]
    [InlineData("amount", "123456789012", "amount: more than 15 digits")]
    [InlineData("amount", "1e11", "amount: more than 15 digits")]
    [InlineData("amount", "1234567890123456789012345678901234567890", "amount: more than 15 digits")]
    [InlineData("amount", "1000000000000000000000000000000000000000", "amount: more than 15 digits")]
    [InlineData("amount", "1e400", "amount: more than 15 digits")]
    [InlineData("amount", "1e99999999999999999999", "amount: more than 15 digits")]
    [InlineData("amount", "1e-99999999999999999999", "amount: more than 4 decimals")]
    [InlineData("amount", "\"12.50\"", "amount: text instead of a number")]
    [InlineData("amount", "true", "amount: true or false instead of a number")]
    [InlineData("amount", "[1]", "amount: a list instead of a number")]
    [InlineData("amount", "null", "amount: absent")]
    [InlineData("amount", null, "amount: absent")]
    [InlineData("amount", "12.5,\"amount\":12.5", "amount: occurs twice")]
    [InlineData("amount", "null,\"amount\":12.5", "amount: occurs twice")]
    [InlineData("amount", "12.5,\"am\\u006funt\":12.5", "amount: occurs twice")]
    [InlineData("amount", "12.5,\"more\":1,\"m\\u006fre\":2", "a member occurs twice")]
    [InlineData("user_id", "1.5", "user_id: no whole number")]
    [InlineData("user_id", "9223372036854775808", "user_id: beyond 64 bits")]
    [InlineData("user_id", "-9223372036854775809", "user_id: beyond 64 bits")]
    [InlineData("user_id", "\"42\"", "user_id: text instead of a number")]
    [InlineData("merchant", "7", "merchant: a number instead of text")]
    [InlineData("merchant", "{}", "merchant: an object instead of text")]
    [InlineData("merchant", "\"a\\u0000b\"", "merchant: a NUL character")]
    [InlineData("merchant", "\"\\ud83d\"", "merchant: a surrogate without its other half")]
    [InlineData("merchant", "\"\\ude00\\ud83d\"", "merchant: a surrogate without its other half")]
    [InlineData("merchant", "\"\\ud83d\\n\"", "merchant: a surrogate without its other half")]
    [InlineData("transaction_id", "\"01234567-89ab-8def-8123-456789abcdeg\"", "transaction_id: no UUID")]
    [InlineData("transaction_id", "\"0123456789ab8def8123456789abcdef\"", "transaction_id: no UUID")]
    [InlineData("transaction_id", "\"{1234567-89ab-8def-8123-456789abcde}\"", "transaction_id: no UUID")]
    [InlineData("transaction_id", "\"01234567-89ab-8def-8123-456789abcdef \"", "transaction_id: no UUID")]
    [InlineData("timestamp", "\"2026-01-31T23:59:60Z\"", "timestamp: a leap second, which this column cannot keep")]
    [InlineData("timestamp", "\"2017-01-01T00:59:60+01:00\"", "timestamp: a leap second, which this column cannot keep")]
    [InlineData("timestamp", "\"9999-12-31T23:59:60Z\"", "timestamp: a leap second, which this column cannot keep")]
    [InlineData("timestamp", "\"2026-01-30T23:59:60Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31T12:00:60Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"0000-02-29T00:00:00Z\"", "timestamp: outside the years 0001 to 9999 (UTC), which are all that this column can keep")]
    [InlineData("timestamp", "\"0001-01-01T00:00:00+00:01\"", "timestamp: outside the years 0001 to 9999 (UTC), which are all that this column can keep")]
    [InlineData("timestamp", "\"9999-12-31T23:59:59-00:01\"", "timestamp: outside the years 0001 to 9999 (UTC), which are all that this column can keep")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59.123456789Z\"", "timestamp: finer than a microsecond, which this column cannot keep")]
    [InlineData("timestamp", "\"2026-01-31T24:00:00Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-02-30T00:00:00Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31 23:59:59Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59.Z\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59.1234567Z\"", "timestamp: finer than a microsecond, which this column cannot keep")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59+24:00\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "\"2026-01-31T23:59:59+0100\"", "timestamp: no timestamp of RFC 3339")]
    [InlineData("timestamp", "1769903999", "timestamp: a number instead of text")]
    [InlineData("is_fraud", "\"true\"", "is_fraud: text instead of true or false")]
    [InlineData("is_fraud", "1", "is_fraud: a number instead of true or false")]
    public void Parse_WrongValue_NamesTheFieldAndWhy(string field, string? json, string reason) =>
        Assert.Equal($"refused: {reason}", Parse(ParsedRecord.With(field, json)));

    [Theory]
    [InlineData("amount", "NaN")]
    [InlineData("amount", "Infinity")]
    [InlineData("amount", "-")]
    [InlineData("amount", "+1")]
    [InlineData("amount", "01")]
    [InlineData("amount", "-01.5")]
    [InlineData("amount", ".5")]
    [InlineData("amount", "5.")]
    [InlineData("amount", "1e")]
    [InlineData("amount", "1e+")]
    [InlineData("amount", "0x10")]
    [InlineData("amount", "1_000")]
    [InlineData("amount", "12,5")]
    [InlineData("amount", "")]
    [InlineData("merchant", "'Oak'")]
    [InlineData("merchant", "Oak")]
    [InlineData("merchant", "\"a\tb\"")]
    [InlineData("merchant", "\"a\0b\"")]
    [InlineData("merchant", "\"a\u001fb\"")]
    [InlineData("merchant", "\"\\x41\"")]
    [InlineData("merchant", "\"\\u00g0\"")]
    [InlineData("merchant", "\"\\u00\"")]
    [InlineData("merchant", "\"open")]
    [InlineData("is_fraud", "True")]
    [InlineData("is_fraud", "nul")]
    [InlineData("is_fraud", "false,")]
    [InlineData("is_fraud", "false,\"more\":[1,]")]
    [InlineData("is_fraud", "false,\"more\":{\"a\":1,\"\\u0061\":2}")]
    [InlineData("is_fraud", "false,\"more\":[1}")]
    public void Parse_MalformedMember_IsNoJson(string field, string json) => Assert.Equal(NotJson, Parse(ParsedRecord.With(field, json)));

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("{")]
    [InlineData("{\"")]
    [InlineData("{\"\\")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1,")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{,}")]
    [InlineData("{}{}")]
    [InlineData("{} {}")]
    [InlineData("{},")]
    [InlineData("{} // comment")]
    [InlineData("/**/{}")]
    [InlineData("\ufeff{}")]
    [InlineData("\0{}")]
    [InlineData("{}\0")]
    [InlineData("{}\u00a0")]
    [InlineData("\f{}")]
    public void Parse_NotOneObject_SaysSo(string json) => Assert.Equal(NotJson, Parse(json));

    [Fact]
    public void Parse_TruncatedAnywhere_IsNoJson()
    {
        string record = ParsedRecord.Of(ParsedRecord.Members);
        for (int length = 0; length < record.Length; length++)
        {
            Assert.Equal(NotJson, Parse(record[..length]));
        }
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(1_000_000, false)]
    public void Parse_NestedValue_EndsAtADepth(int depth, bool accepted)
    {
        string json = ParsedRecord.With("is_fraud", $"false,\"more\":{new string('[', depth)}{new string(']', depth)}");
        Assert.Equal(accepted, Parse(json) != NotJson);
    }

    [Fact]
    public void Parse_UnknownMembers_AreIgnoredAndCounted()
    {
        RecordParser parser = new(BuiltIn.Transaction.Schema);
        string plain = ParsedRecord.Parse(parser, ParsedRecord.Of(ParsedRecord.Members));
        string drifted = ParsedRecord.Of([("new", "{\"a\":[1,{\"a\":null}],\"b\":\"\\ud83d\"}"), .. ParsedRecord.Members, ("", "1e999")]);
        Assert.Equal(plain, ParsedRecord.Parse(parser, drifted));
        Assert.Equal(plain, ParsedRecord.Parse(parser, drifted));
        Assert.Equal(4, parser.UnknownMembers);
    }

    [Fact]
    public void Parse_AfterAnotherRecord_RemembersNothing()
    {
        RecordParser parser = new(BuiltIn.Transaction.Schema);
        string unlabelled = ParsedRecord.Parse(parser, ParsedRecord.With("is_fraud", null));
        ParsedRecord.Parse(parser, ParsedRecord.With("merchant", "\"\\u0041\""));
        ParsedRecord.Parse(parser, "{\"amount\":\"x\"");
        Assert.Equal(unlabelled, ParsedRecord.Parse(parser, ParsedRecord.With("is_fraud", null)));
    }

    [Theory]
    [InlineData("\"risk_level\":\"low\"", "\"risk_level\":\"Low\"", "risk_level: none of low, medium, high")]
    [InlineData("\"date_of_birth\":\"1980-02-29\"", "\"date_of_birth\":\"1981-02-29\"", "date_of_birth: no date")]
    [InlineData("\"date_of_birth\":\"1980-02-29\"", "\"date_of_birth\":\"1980-2-29\"", "date_of_birth: no date")]
    [InlineData("\"date_of_birth\":\"1980-02-29\"", "\"date_of_birth\":\"0000-02-29\"", "date_of_birth: outside the years 0001 to 9999 (UTC), which are all that this column can keep")]
    [InlineData("\"credit_score\":700.5", "\"credit_score\":700.55", "credit_score: more than 1 decimals")]
    [InlineData("\"credit_score\":700.5", "\"credit_score\":10000", "credit_score: more than 5 digits")]
    public void Parse_Profile_HoldsToItsTypes(string right, string wrong, string reason)
    {
        const string Profile = """{"user_id":7,"name":"Bo","email":"b","phone":"+1","date_of_birth":"1980-02-29","address":"A","country":"US","signup_date":"2025-01-01T00:00:00Z","credit_score":700.5,"risk_level":"low"}""";
        Assert.Equal("7 | Bo | b | +1 | 3711 | A | US | 1735689600000000 | 7005 | low | -", ParsedRecord.Parse(BuiltIn.UserProfile.Schema, Profile));
        Assert.Equal($"refused: {reason}", ParsedRecord.Parse(BuiltIn.UserProfile.Schema, Profile.Replace(right, wrong, StringComparison.Ordinal)));
    }

    private static string Parse(string json) => ParsedRecord.Parse(BuiltIn.Transaction.Schema, json);
}
