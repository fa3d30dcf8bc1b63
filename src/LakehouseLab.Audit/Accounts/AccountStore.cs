using System.Text.Json.Serialization.Metadata;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads the documents in which a lake accounts for itself. What cannot be read is a finding, and the rest is read.</summary>
internal sealed class AccountStore(IObjectStore store, Tally tally)
{
    /// <summary>Keys below a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        return keys;
    }

    /// <summary>Reads a folder's entries in order, each with its document; reports numbers that are missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="entry">An entry's document.</param>
    /// <param name="condensed">The document of several.</param>
    /// <param name="numbersOf">How many numbers an entry of several stands for.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<(NumberedDocument Document, T Entry)>> ReadAsync<T>(
        NumberedFolder folder, JsonTypeInfo<T> entry, JsonTypeInfo<CondensedDocument<T>> condensed, Func<T, int> numbersOf, CancellationToken cancellationToken)
        where T : class
    {
        foreach ((int first, int last) in folder.Missing)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Place = folder.Prefix,
                Cause = first == last ? $"document {first} is gone though later ones are there" : $"documents {first} to {last} are gone though later ones are there",
                Remedy = "restore them from a copy",
            });
        }

        foreach (string stray in folder.Strays)
        {
            tally.Report(FindingKind.Unexpected, finding => finding with { Place = stray, Cause = "it is said of a document that is not there", Remedy = "remove it, or restore the other from a copy" });
        }

        Dictionary<string, NumberedDocument> documents = folder.Documents.ToDictionary(document => document.Key, StringComparer.Ordinal);
        List<(NumberedDocument, T)> entries = [];
        await foreach ((string key, byte[]? json) in store.ReadEachAsync(documents.Keys, cancellationToken).ConfigureAwait(false))
        {
            NumberedDocument document = documents[key];
            if (document.Count == 1)
            {
                entries.AddRange(Read(key, json, entry) is { } one ? [(document, one)] : []);
            }
            else
            {
                IReadOnlyList<T> several = Read(key, json, condensed)?.Entries ?? [];
                CheckCount(document, several.Sum(one => (long)numbersOf(one)));
                entries.AddRange(several.Select(one => (document, one)));
            }
        }

        return entries;
    }

    private void CheckCount(NumberedDocument document, long count)
    {
        if (count > 0 && count != document.Count)
        {
            tally.Damage(document.Key, FormattableString.Invariant($"it holds {count} entries, and its name says {document.Count}"), "restore it from a copy");
        }
    }

    /// <summary>Reads documents by their keys.</summary>
    public async Task<IReadOnlyDictionary<string, T>> ReadEachAsync<T>(IEnumerable<string> keys, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        Dictionary<string, T> read = new(StringComparer.Ordinal);
        await foreach ((string key, byte[]? json) in store.ReadEachAsync(keys, cancellationToken).ConfigureAwait(false))
        {
            if (Read(key, json, type) is { } document)
            {
                read.Add(key, document);
            }
        }

        return read;
    }

    // A document that vanished since it was listed is that of a condensation, whose outcome has it too.
    private T? Read<T>(string key, byte[]? json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            T document = LakeDocument.Read(json, key, type);
            tally.Expected++;
            tally.Find(-1, 1);
            return document;
        }
        catch (LakeException exception)
        {
            tally.Damage(key, exception.Message[(key.Length + 1)..], "restore it from a copy");
            return null;
        }
    }
}
