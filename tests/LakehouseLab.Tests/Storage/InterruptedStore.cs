using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store after whose first put something else happens: another writer's turn, or the end of the process.</summary>
internal sealed class InterruptedStore(IObjectStore store, Func<Task> interrupt) : DelegatingStore(store)
{
    private bool _isInterrupted;

    public override async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await base.PutAsync(key, content, cancellationToken);
        if (!_isInterrupted)
        {
            _isInterrupted = true;
            await interrupt();
        }
    }
}
