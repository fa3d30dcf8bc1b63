using System.Text.Json.Serialization.Metadata;

namespace LakehouseLab.Emulation.Lakes.Ledgers;

/// <summary>How a ledger's entries are written.</summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="Entry">An entry's document.</param>
/// <param name="Condensed">The document of many.</param>
/// <param name="Digits">Digits of a number in a name, at least.</param>
public sealed record LedgerForm<T>(JsonTypeInfo<T> Entry, JsonTypeInfo<CondensedEntries<T>> Condensed, int Digits)
    where T : class
{
    /// <summary>What is said of an entry later, in a document beside it; null when nothing is.</summary>
    public LedgerSupplement<T>? Supplement { get; init; }

    /// <summary>How many numbers an entry stands for.</summary>
    public Func<T, int> NumbersOf { get; init; } = static _ => 1;

    /// <summary>Puts two neighbours together; null when they are to stay apart.</summary>
    public Func<T, T, T?> TryJoin { get; init; } = static (_, _) => null;

    /// <summary>Whether an entry, which may have been joined and supplemented, tells what one that was appended does.</summary>
    public required Func<T, T, bool> Holds { get; init; }
}

/// <summary>What is said of an entry later.</summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="Suffix">What its document's name has after the entry's number.</param>
/// <param name="Apply">The entry with what its document, given with its place, says. Applied twice it is as once.</param>
public sealed record LedgerSupplement<T>(string Suffix, Func<T, byte[], string, T> Apply);

/// <summary>Consecutive entries of a ledger in one document.</summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="Entries">The entries in order.</param>
public sealed record CondensedEntries<T>(IReadOnlyList<T> Entries);

/// <summary>How far a ledger goes.</summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="Count">How many entries were appended.</param>
/// <param name="Last">The last; null for none.</param>
public sealed record LedgerTail<T>(int Count, T? Last)
    where T : class;
