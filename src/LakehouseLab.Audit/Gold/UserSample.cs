using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Gold;

/// <summary>One of so many users: those of whom every value of <c>gold.fraud_features</c> is compared.</summary>
/// <param name="Every">Of so many users one is in it, at least 1; 1 for everyone.</param>
public readonly record struct UserSample(int Every)
{
    private const string Start = "1/";

    /// <summary>Everyone.</summary>
    public static UserSample All { get; } = new(1);

    /// <summary>Whether everyone is in it, so that it is not a sample.</summary>
    public bool IsAll => Every == 1;

    /// <summary>Whether a user is in it.</summary>
    public bool Includes(long user) => Every == 1 || user % Every == 1;

    /// <summary>Whether a text is a share such as <c>1/64</c>.</summary>
    public static bool TryParse(string text, out UserSample sample)
    {
        bool isShare = text.StartsWith(Start, StringComparison.Ordinal)
            & int.TryParse(text.AsSpan(Math.Min(Start.Length, text.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int every);
        sample = isShare && every > 0 ? new UserSample(every) : All;
        return isShare && every > 0;
    }

    /// <summary>Reads a share such as <c>1/64</c>.</summary>
    /// <exception cref="InvalidRequestException">The text is not one.</exception>
    public static UserSample Parse(string text) => TryParse(text, out UserSample sample) ? sample
        : throw new InvalidRequestException("is not a share of the users: write it like 1/64");

    /// <summary>The share.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}{Every}");
}
