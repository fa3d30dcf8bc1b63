namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>Something that is done to a lake, and all that the audit must tell then: each of it, and nothing else. Nothing, for what is harmless.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Act">Does it.</param>
/// <param name="Told">What must be told.</param>
internal sealed record Tamper(string Name, Func<AuditedLake, Task> Act, params Told[] Told)
{
    public Tamper(string name, Action<AuditedLake> act, params Told[] told)
        : this(name, Later(act), told)
    {
    }

    /// <summary>The names of tampers, each once.</summary>
    public static TheoryData<string> NamesOf(IReadOnlyCollection<Tamper> tampers)
    {
        Assert.Equal(tampers.Count, tampers.Select(tamper => tamper.Name).Distinct().Count());
        return [.. tampers.Select(tamper => tamper.Name)];
    }

    private static Func<AuditedLake, Task> Later(Action<AuditedLake> act) => lake =>
    {
        act(lake);
        return Task.CompletedTask;
    };
}
