using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Lakes.Ledgers;

/// <summary>
/// Entries of a lake that are numbered from 0 without gaps and never change: appended as a document each, put-if-absent, and
/// condensed later, many to a document, which is whole before the first of its sources goes. Readers see no difference.
/// Documents that were read are kept. Not thread-safe; safe beside other processes.
/// </summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="lake">The lake.</param>
/// <param name="folder">Prefix of the documents, with a slash at its end.</param>
/// <param name="form">How entries are written.</param>
public sealed class Ledger<T>(Lake lake, string folder, LedgerForm<T> form)
    where T : class
{
    // Who condenses deletes documents that another has just listed; the next listing has what they became.
    private const int Attempts = 4;

    private Dictionary<string, IReadOnlyList<T>> _read = new(StringComparer.Ordinal);
    private LedgerListing? _listing;

    /// <summary>Reads all entries in order.</summary>
    /// <exception cref="LakeException">An entry is missing or damaged.</exception>
    public async Task<IReadOnlyList<T>> ReadAsync(CancellationToken cancellationToken)
    {
        (_, IReadOnlyList<T> entries) = await ReadAsync(static listing => listing.Documents, cancellationToken).ConfigureAwait(false);
        return entries;
    }

    /// <summary>Reads how far the ledger goes, without what came before.</summary>
    /// <exception cref="LakeException">An entry is missing or the last is damaged.</exception>
    public async Task<LedgerTail<T>> ReadTailAsync(CancellationToken cancellationToken)
    {
        (LedgerListing listing, IReadOnlyList<T> entries) = await ReadAsync(static listing => [.. listing.Documents.TakeLast(1)], cancellationToken).ConfigureAwait(false);
        return new LedgerTail<T>(listing.Count, entries.Count == 0 ? null : entries[^1]);
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="number">Its number: how many there are already.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>Whether it is the ledger's; false when another has the number.</returns>
    public async Task<bool> TryAppendAsync(int number, T entry, CancellationToken cancellationToken)
    {
        LedgerBlock own = new(number, 1);
        if (!await lake.Store.TryPutAsync(KeyOf(own), LakeDocument.Write(entry, form.Entry), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // The key of an entry that was condensed is free again: then the entry of this number is the condensed one.
        (LedgerListing listing, IReadOnlyList<T> entries) = await ReadAsync(listing => [.. listing.Documents.Where(block => block.Contains(number))], cancellationToken).ConfigureAwait(false);
        if (listing.Documents.Contains(own))
        {
            return true;
        }

        await lake.Store.DeleteAsync(KeyOf(own), cancellationToken).ConfigureAwait(false);
        return entries.Any(held => form.Holds(held, entry));
    }

    /// <summary>Says something of an entry later, in place of what was said before.</summary>
    /// <param name="number">The entry's number.</param>
    /// <param name="json">The supplement's document.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task SupplementAsync(int number, byte[] json, CancellationToken cancellationToken) =>
        await lake.Store.PutAsync(SupplementKeyOf(number), json, cancellationToken).ConfigureAwait(false);

    /// <summary>Condenses entries that were read; without an entry that can be, nothing is asked of the store.</summary>
    /// <param name="end">The number after the last that may be condensed: at most that of the last entry.</param>
    /// <param name="cancellationToken">Ends it; what is there stays readable.</param>
    /// <exception cref="LakeException">An entry is damaged.</exception>
    public async Task CondenseAsync(int end, CancellationToken cancellationToken)
    {
        LedgerListing listing = _listing ?? await ListAsync(cancellationToken).ConfigureAwait(false);
        if (!listing.CanCondense(Math.Min(end, listing.Count - 1)))
        {
            return;
        }

        await DeleteLeftoversAsync(listing, cancellationToken).ConfigureAwait(false);
        foreach (LedgerBlock block in LedgerBlock.Cover(Math.Min(end, listing.Count - 1)).Where(block => block.Count > 1 && !listing.Documents.Contains(block)))
        {
            LedgerBlock[] sources = [.. listing.Documents.Where(source => block.Contains(source.First))];
            if (await TryReadAsync(listing, sources, cancellationToken).ConfigureAwait(false) is not { } entries)
            {
                // Another process condenses.
                break;
            }

            byte[] json = LakeDocument.Write(new CondensedEntries<T>(Join(entries)), form.Condensed);
            if (await lake.Store.TryPutAsync(KeyOf(block), json, cancellationToken).ConfigureAwait(false))
            {
                await DeleteAsync(listing, block, sources, cancellationToken).ConfigureAwait(false);
            }
        }

        _listing = null;
    }

    private string KeyOf(LedgerBlock block) => folder + LedgerListing.NameOf(block, form.Digits);

    private string SupplementKeyOf(int number) => folder + LedgerListing.SupplementOf(number, form.Digits, form.Supplement!.Suffix);

    private async Task<LedgerListing> ListAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            names.Add(item.Key[folder.Length..]);
        }

        return _listing = new LedgerListing(names, form.Digits, form.Supplement?.Suffix);
    }

    private async Task<(LedgerListing Listing, IReadOnlyList<T> Entries)> ReadAsync(Func<LedgerListing, IReadOnlyList<LedgerBlock>> choose, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            LedgerListing listing = await ListAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<T>? entries = listing.Missing is null ? await TryReadAsync(listing, choose(listing), cancellationToken).ConfigureAwait(false) : null;
            if (entries is not null)
            {
                return (listing, entries);
            }

            if (attempt == Attempts)
            {
                throw listing.Missing is { } number
                    ? new LakeException($"{lake.Location}/{KeyOf(new LedgerBlock(number, 1))} is missing though later ones are there: restore it from a copy")
                    : new LakeException($"{lake.Location}/{folder} changed while it was read: run the command again");
            }
        }
    }

    // Null when a document vanished since it was listed.
    private async Task<IReadOnlyList<T>?> TryReadAsync(LedgerListing listing, IReadOnlyList<LedgerBlock> blocks, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<T>> known = _read;
        Dictionary<string, LedgerBlock> unread = blocks.Where(block => !known.ContainsKey(KeyOf(block))).ToDictionary(KeyOf);
        await foreach ((string key, byte[]? json) in lake.Store.ReadEachAsync(unread.Keys, cancellationToken).ConfigureAwait(false))
        {
            if (json is null)
            {
                return null;
            }

            known[key] = Parse(unread[key], key, json);
        }

        if (blocks.Count == listing.Documents.Count)
        {
            _read = blocks.Select(KeyOf).ToDictionary(key => key, key => known[key], StringComparer.Ordinal);
        }

        return await SupplementedAsync(listing, blocks, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<T> Parse(LedgerBlock block, string key, byte[] json)
    {
        string place = $"{lake.Location}/{key}";
        if (block.Count == 1)
        {
            return [LakeDocument.Read(json, place, form.Entry)];
        }

        IReadOnlyList<T> entries = LakeDocument.Read(json, place, form.Condensed).Entries;
        long numbers = entries.Sum(entry => (long)form.NumbersOf(entry));
        return numbers == block.Count && entries.All(entry => form.NumbersOf(entry) > 0)
            ? entries
            : throw new LakeException($"{place} is damaged: it holds {numbers} entries, and its name says {block.Count}. Restore it from a copy");
    }

    // The entries of documents that were read, with what is said of them; null when that vanished since it was listed.
    private async Task<IReadOnlyList<T>?> SupplementedAsync(LedgerListing listing, IReadOnlyList<LedgerBlock> blocks, CancellationToken cancellationToken)
    {
        if (form.Supplement is not { } supplement)
        {
            return [.. blocks.SelectMany(block => _read[KeyOf(block)])];
        }

        int[] numbers = [.. blocks.SelectMany(listing.SupplementsOf)];
        Dictionary<int, byte[]> said = [];
        await foreach ((int number, byte[]? json) in Lookahead.RunAsync(
            numbers, Lookahead.SmallObjects, async (number, token) => (number, await lake.Store.ReadAsync(SupplementKeyOf(number), token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false))
        {
            if (json is null)
            {
                return null;
            }

            said.Add(number, json);
        }

        List<T> entries = [];
        foreach (LedgerBlock block in blocks)
        {
            int first = block.First;
            foreach (T entry in _read[KeyOf(block)])
            {
                int end = first + form.NumbersOf(entry);
                T supplemented = entry;
                for (; first < end; first++)
                {
                    supplemented = said.TryGetValue(first, out byte[]? json) ? supplement.Apply(supplemented, json, $"{lake.Location}/{SupplementKeyOf(first)}") : supplemented;
                }

                entries.Add(supplemented);
            }
        }

        return entries;
    }

    private List<T> Join(IReadOnlyList<T> entries)
    {
        List<T> joined = [];
        foreach (T entry in entries)
        {
            if (joined.Count > 0 && form.TryJoin(joined[^1], entry) is { } both)
            {
                joined[^1] = both;
            }
            else
            {
                joined.Add(entry);
            }
        }

        return joined;
    }

    private async Task DeleteAsync(LedgerListing listing, LedgerBlock block, LedgerBlock[] sources, CancellationToken cancellationToken)
    {
        foreach (string key in listing.SupplementsOf(block).Select(SupplementKeyOf).Concat(sources.Select(KeyOf)))
        {
            await lake.Store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    // What a killed condensation left. A document that says something else than the block is left where it is, for whoever looks into it.
    private async Task DeleteLeftoversAsync(LedgerListing listing, CancellationToken cancellationToken)
    {
        foreach (LedgerBlock leftover in listing.Leftovers)
        {
            string key = KeyOf(leftover);
            LedgerBlock block = listing.Documents.First(document => document.Contains(leftover.First));
            byte[]? json = await lake.Store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
            if (json is not null && await TryReadAsync(listing, [block], cancellationToken).ConfigureAwait(false) is { } held
                && Parse(leftover, key, json).All(entry => held.Any(other => form.Holds(other, entry))))
            {
                await lake.Store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
