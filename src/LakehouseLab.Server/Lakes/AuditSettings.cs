using System.ComponentModel;
using LakehouseLab.Audit.Accounts;

namespace LakehouseLab.Server.Lakes;

/// <summary>What an audit was asked for.</summary>
internal sealed record AuditSettings
{
    [Description("The emulation whose records are looked at; absent for all.")]
    public Guid? Emulation { get; init; }

    [Description("The layers, which then must be there; absent for those that are.")]
    public IReadOnlyList<string>? Layers { get; init; }

    [Description("Share of the users whose features are compared in full; absent for everyone.")]
    public string? Sample { get; init; }

    [Description("Receipts of what must be there; absent when none were sent.")]
    public IReadOnlyList<Receipt>? Expect { get; init; }

    [Description("Whether tables that are behind count against the lake.")]
    public bool RequireComplete { get; init; }
}
