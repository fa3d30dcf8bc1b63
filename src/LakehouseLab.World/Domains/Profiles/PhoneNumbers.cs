using LakehouseLab.World.Geography;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// Telephone numbers: a person's place in their country and the count of their changes of number are one permuted number of a range, so that nobody
/// has another's number. The range is the first one of the country with several numbers a person. Immutable.
/// </summary>
internal sealed class PhoneNumbers
{
    private readonly NumberRange[] _ranges;

    /// <summary>Makes the numbers of a world.</summary>
    public PhoneNumbers(ulong seed, Population population) =>
        _ranges = [.. Atlas.Instance.Countries.Select(country => RangeOf(seed, country, [.. population.Markets.Where(market => market.Country == country)]))];

    /// <summary>Writes a number of a person.</summary>
    /// <param name="to">Takes the number.</param>
    /// <param name="person">The person.</param>
    /// <param name="country">Where they live.</param>
    /// <param name="version">Which of their numbers, from 0.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to, long person, Country country, long version)
    {
        NumberRange range = _ranges[country.Index];
        long number = person - range.FirstPerson + (range.People * (version % range.NumbersOfPerson));
        return range.Pattern.Write(to, range.Order.Apply(number));
    }

    private static NumberRange RangeOf(ulong seed, Country country, Market[] markets)
    {
        long people = Math.Max(1, markets.Sum(market => market.People));
        TextPattern pattern = country.PhoneRanges.FirstOrDefault(range => range.Count >= ProfileFigures.PhoneNumbersOfPerson * people) ?? country.PhoneRanges[^1];
        return new NumberRange(
            pattern,
            new Permutation(Draw.Key(seed, Purpose.PhoneNumbers, (ulong)country.Index), pattern.Count),
            markets.Length > 0 ? markets[0].FirstPerson : 0,
            people,
            pattern.Count / people);
    }

    private sealed record NumberRange(TextPattern Pattern, Permutation Order, long FirstPerson, long People, long NumbersOfPerson);
}
