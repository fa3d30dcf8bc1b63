using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store in which another process does something right after a listing, before the first object is read.</summary>
internal sealed class RacingStore(IObjectStore inner) : DelegatingStore(inner)
{
    /// <summary>What the other does; once.</summary>
    public Func<Task>? BeforeFirstRead { get; set; }

    public override async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        if (BeforeFirstRead is { } race)
        {
            BeforeFirstRead = null;
            await race();
        }

        return await base.ReadAsync(key, cancellationToken);
    }
}
