using System.CommandLine;
using System.CommandLine.Completions;

namespace LakehouseLab.Cli.Options;

/// <summary>Says which values a shell offers for a flag or argument.</summary>
internal static class Offering
{
    /// <summary>Offers values, which are made only when a shell asks for them.</summary>
    public static void Offer(this Option option, Func<IEnumerable<string>> values) => Replace(option.CompletionSources, values);

    /// <summary>Offers values, which are made only when a shell asks for them.</summary>
    public static void Offer(this Argument argument, Func<IEnumerable<string>> values) => Replace(argument.CompletionSources, values);

    // The library offers the names of an enumeration's members, which are not what users write.
    private static void Replace(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Func<IEnumerable<string>> values)
    {
        sources.Clear();
        sources.Add(_ => values().Select(static value => new CompletionItem(value)));
    }
}
