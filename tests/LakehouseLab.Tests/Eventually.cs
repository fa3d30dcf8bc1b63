using System.Runtime.CompilerServices;

namespace LakehouseLab.Tests;

/// <summary>Waits for what work elsewhere brings about, and names what did not come.</summary>
internal static class Eventually
{
    // Far longer than a busy machine needs: it ends a test that would otherwise wait for ever.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    // What is waited for needs the processors itself.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition, which is looked at again and again.</param>
    /// <param name="what">The condition in words.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_deadline);
        while (!await condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.False(deadline.IsCancellationRequested, $"after {s_deadline.TotalSeconds:0} s it did not come to this: {what}");
            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }
    }
}
