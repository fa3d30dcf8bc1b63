using System.Text.RegularExpressions;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Tests.World;

/// <summary>An address read as the post of its country reads it (UPU, postal addressing systems).</summary>
internal sealed partial record WrittenAddress(City City, string Region, string PostalCode)
{
    private const string Letters = "[A-CEGHJ-NPR-TVW-Z]";

    // What stands before the locality, then the locality.
    private static readonly Dictionary<string, Regex> s_forms = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["US"] = "^[0-9]+ .+, (?<city>[^,]+), (?<region>[A-Z]{2}) (?<code>[0-9]{5})$",
        ["CA"] = $"^[0-9]+ .+, (?<city>[^,]+) (?<region>[A-Z]{{2}}) (?<code>[A-CEGHJ-NPR-TVXY][0-9]{Letters} [0-9]{Letters}[0-9])$",
        ["MX"] = "^.+ [0-9]+, (?<code>[0-9]{5}) (?<city>[^,]+), (?<region>[^,]+)$",
        ["BR"] = "^.+, [0-9]+, (?<city>[^,]+) - (?<region>[A-Z]{2}), (?<code>[0-9]{5}-[0-9]{3})$",
        ["AR"] = "^.+ [0-9]+, (?<code>[A-HJ-NP-Z][0-9]{4}[A-Z]{3}) (?<city>.+)$",
        ["GB"] = "^[0-9]+ .+, (?<city>[A-Za-z]+) (?<code>[A-Z]{1,2}[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2})$",
        ["IE"] = "^[0-9]+ .+, (?<city>[^,]+), (?<code>(D[0-2][0-9]|T12|T23|H91) [AC-FHKNPRTV-Y0-9]{4})$",
        ["FR"] = "^[0-9]+ .+, (?<code>[0-9]{5}) (?<city>[^0-9]+)$",
        ["NL"] = "^.+ [0-9]+, (?<code>[1-9][0-9]{3} [A-EGHJ-NPR-TVWXZ]{2}) (?<city>.+)$",
        ["PL"] = "^.+ [0-9]+, (?<code>[0-9]{2}-[0-9]{3}) (?<city>.+)$",
        ["SE"] = "^.+ [0-9]+, (?<code>[1-9][0-9]{2} [0-9]{2}) (?<city>.+)$",
        ["CH"] = "^.+ [0-9]+, (?<code>[1-9][0-9]{3}) (?<city>[^0-9]+)$",
        ["IN"] = "^[0-9]+ .+, (?<city>[^ ]+) (?<code>[1-9][0-9]{5})$",
        ["JP"] = "^〒(?<code>[0-9]{3}-[0-9]{4}) (?<city>[^ ]+) [^ ]+ [0-9]+$",
        ["KR"] = @"^(?<city>[^ ]+) [^ ]+ [0-9]+ \((?<code>[0-9]{5})\)$",
        ["AU"] = "^[0-9]+ .+, (?<city>[^,]+) (?<region>[A-Z]{2,3}) (?<code>[0-9]{4})$",
        ["ZA"] = "^[0-9]+ .+, (?<city>[^,]+), (?<code>[0-9]{4})$",
    }.ToDictionary(form => form.Key, form => new Regex(form.Value, RegexOptions.ExplicitCapture));

    // Germany, Spain, Italy, Türkiye, Kuwait.
    private static readonly Regex s_fiveDigits = FiveDigits();

    public static WrittenAddress Read(string address, Country country)
    {
        Match match = s_forms.GetValueOrDefault(country.Code, s_fiveDigits).Match(address);
        Assert.True(match.Success, $"'{address}' is not an address of {country.Name}");
        return new WrittenAddress(country.Cities.Single(city => city.LocalName == match.Groups["city"].Value), match.Groups["region"].Value, match.Groups["code"].Value);
    }

    [GeneratedRegex("^.+ [0-9]+, (?<code>[0-9]{5}) (?<city>[^0-9]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex FiveDigits();
}
