using System.Globalization;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Requests;

namespace LakehouseLab.World.Settings;

/// <summary>Weights of the five fraud rules among fraudulent rows. Only their proportions count.</summary>
/// <param name="AccountTakeover">Weight of <see cref="FraudRule.AccountTakeover"/>.</param>
/// <param name="CardTesting">Weight of <see cref="FraudRule.CardTesting"/>.</param>
/// <param name="MerchantCollusion">Weight of <see cref="FraudRule.MerchantCollusion"/>.</param>
/// <param name="GeographicalAnomaly">Weight of <see cref="FraudRule.GeographicalAnomaly"/>.</param>
/// <param name="Inherent">Weight of <see cref="FraudRule.Inherent"/>.</param>
public sealed record FraudMix(int AccountTakeover, int CardTesting, int MerchantCollusion, int GeographicalAnomaly, int Inherent)
{
    /// <summary>The largest weight.</summary>
    public const int MaxWeight = 1_000_000;

    private static readonly string[] Names = ["takeover", "testing", "collusion", "geographical", "inherent"];

    /// <summary>The default mix, in percent.</summary>
    public static FraudMix Default { get; } = new(35, 25, 15, 15, 10);

    /// <summary>The weights in the order of <see cref="FraudRule"/>.</summary>
    internal IReadOnlyList<int> Weights => [AccountTakeover, CardTesting, MerchantCollusion, GeographicalAnomaly, Inherent];

    /// <summary>The share of a rule among frauds, 0 to 1.</summary>
    public double ShareOf(FraudRule rule) =>
        rule == FraudRule.None ? 0 : (double)Weights[(int)rule - 1] / Weights.Sum();

    /// <summary>Reads <c>takeover=35,testing=25,collusion=15,geographical=15,inherent=10</c>; a rule left out has weight 0.</summary>
    /// <exception cref="InvalidRequestException">The text is not a mix.</exception>
    public static FraudMix Parse(string text)
    {
        int[] weights = new int[Names.Length];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            int rule = Array.IndexOf(Names, pair[0]);
            if (pair.Length != 2 || rule < 0
                || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out weights[rule]))
            {
                throw new InvalidRequestException(
                    $"fraud mix '{text}': '{part}' is not one of {string.Join(", ", Names)} with a whole weight, such as {Default}");
            }
        }

        FraudMix mix = new(weights[0], weights[1], weights[2], weights[3], weights[4]);
        mix.Validate();
        return mix;
    }

    /// <summary>Checks that the weights are a mix.</summary>
    /// <exception cref="InvalidRequestException">A weight is out of range, or all are 0.</exception>
    public void Validate()
    {
        if (Weights.Any(weight => weight is < 0 or > MaxWeight) || Weights.All(weight => weight == 0))
        {
            throw new InvalidRequestException(
                $"fraud mix '{this}': weights are 0 to {MaxWeight}, at least one of them above 0, such as {Default}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', Names.Zip(Weights, (name, weight) => string.Create(CultureInfo.InvariantCulture, $"{name}={weight}")));
}
