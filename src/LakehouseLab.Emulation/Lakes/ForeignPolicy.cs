namespace LakehouseLab.Emulation.Lakes;

/// <summary>How a lake treats foreign records, as its document says; without one they are reported.</summary>
/// <param name="Foreign">What Silver does with them.</param>
public sealed record ForeignPolicy(ForeignTreatment Foreign)
{
    /// <summary>What a run does: what it was asked for, else what the lake says.</summary>
    /// <exception cref="LakeException">The lake's document is damaged.</exception>
    public static async Task<ForeignTreatment> FindAsync(Lake lake, ForeignTreatment? asked, CancellationToken cancellationToken)
    {
        if (asked is not null)
        {
            return asked.Value;
        }

        byte[]? json = await lake.Store.ReadAsync(LakeLayout.Foreign, cancellationToken).ConfigureAwait(false);
        return json is null ? ForeignTreatment.Report
            : LakeDocument.Read(json, $"{lake.Location}/{LakeLayout.Foreign}", LakeDocuments.Default.ForeignPolicy).Foreign;
    }

    /// <summary>The same, and records in the lake what was asked for: the runs after this one do it too.</summary>
    /// <exception cref="LakeException">The lake's document is damaged.</exception>
    public static async Task<ForeignTreatment> SettleAsync(Lake lake, ForeignTreatment? asked, CancellationToken cancellationToken)
    {
        ForeignTreatment recorded = await FindAsync(lake, null, cancellationToken).ConfigureAwait(false);
        if (asked is not { } stated || stated == recorded)
        {
            return recorded;
        }

        byte[] json = LakeDocument.Write(new ForeignPolicy(stated), LakeDocuments.Default.ForeignPolicy);
        await lake.Store.PutAsync(LakeLayout.Foreign, json, cancellationToken).ConfigureAwait(false);
        return stated;
    }
}
