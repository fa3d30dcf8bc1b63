using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Requests;

/// <summary>A whole number within bounds.</summary>
internal sealed class WholeNumberField(string name, string description, long minimum, long maximum) : RequestField<long>(name, description)
{
    /// <summary>A word that may stand in the number's place, read as -1; null when there is none.</summary>
    public string? Word { get; init; }

    /// <inheritdoc/>
    public override JsonElement OfText(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? JsonSerializer.SerializeToElement(number) : base.OfText(text);

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out long result, [NotNullWhen(false)] out string? problem)
    {
        bool isRight = TryNumber(value, out result) && result >= minimum && result <= maximum;
        if (!isRight && Word is not null && value.ValueKind == JsonValueKind.String && value.ValueEquals(Word))
        {
            result = -1;
            isRight = true;
        }

        problem = isRight ? null : string.Create(CultureInfo.InvariantCulture, $"is {Show(value)}: allowed are whole numbers from {minimum} to {maximum}{(Word is null ? "" : $", or '{Word}'")}");
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values()
    {
        OpenApiSchema number = new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = minimum.ToString(CultureInfo.InvariantCulture),
            Maximum = maximum.ToString(CultureInfo.InvariantCulture),
        };
        return Word is null ? number : new OpenApiSchema { OneOf = [number, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [Word] }] };
    }

    // 120.0 and 1.2e2 are the same JSON number as 120.
    private static bool TryNumber(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        if (value.TryGetInt64(out number))
        {
            return true;
        }

        if (value.TryGetDecimal(out decimal exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue)
        {
            number = (long)exact;
            return true;
        }

        return false;
    }
}

/// <summary>A number within bounds.</summary>
internal sealed class NumberField(string name, string description, double minimum, double maximum) : RequestField<double>(name, description)
{
    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out double result, [NotNullWhen(false)] out string? problem)
    {
        result = 0;
        bool isRight = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out result) && result >= minimum && result <= maximum;
        problem = isRight ? null : string.Create(CultureInfo.InvariantCulture, $"is {Show(value)}: allowed are numbers from {minimum} to {maximum}");
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = minimum.ToString(CultureInfo.InvariantCulture),
        Maximum = maximum.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>True or false.</summary>
internal sealed class SwitchField(string name, string description) : RequestField<bool>(name, description)
{
    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out bool result, [NotNullWhen(false)] out string? problem)
    {
        result = value.ValueKind == JsonValueKind.True;
        bool isRight = value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        problem = isRight ? null : $"is {Show(value)}: allowed are true and false";
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new() { Type = JsonSchemaType.Boolean };
}

/// <summary>An instant, in UTC unless it has an offset.</summary>
internal sealed class InstantField(string name, string description) : RequestField<DateTimeOffset>(name, description)
{
    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFzzz",
    ];

    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, out DateTimeOffset result, [NotNullWhen(false)] out string? problem)
    {
        result = default;
        bool isRight = value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParseExact(
            value.GetString(), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out result);
        problem = isRight ? null : $"is {Show(value)}: allowed are dates and times such as 2026-01-31 or 2026-01-31T12:00:00Z, at most milliseconds";
        return isRight;
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new()
    {
        Type = JsonSchemaType.String,
        AnyOf = [new OpenApiSchema { Format = "date-time" }, new OpenApiSchema { Format = "date" }],
    };
}
