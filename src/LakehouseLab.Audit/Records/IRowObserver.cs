using LakehouseLab.Audit.Ranges;

namespace LakehouseLab.Audit.Records;

/// <summary>Sees the delivered rows of a domain in order, as the world generates them again.</summary>
internal interface IRowObserver
{
    /// <summary>Whether it looks at the rows' JSON lines.</summary>
    bool NeedsLines { get; }

    /// <summary>Sees some rows.</summary>
    /// <param name="range">The range that they were delivered in.</param>
    /// <param name="block">The rows; encoded if an observer needs lines.</param>
    /// <param name="first">First row within the block.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken);

    /// <summary>Is told that there are no more rows.</summary>
    void Complete();
}
