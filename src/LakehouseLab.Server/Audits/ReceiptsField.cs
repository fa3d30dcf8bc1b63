using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Server.Requests;
using LakehouseLab.World.Requests;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Audits;

/// <summary>Receipts of what a lake must have, in the forms in which the program and the service give them.</summary>
internal sealed class ReceiptsField(string name, string description) : RequestField<IReadOnlyList<Receipt>>(name, description)
{
    /// <inheritdoc/>
    public override bool TryRead(JsonElement value, [MaybeNullWhen(false)] out IReadOnlyList<Receipt> result, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (result, problem) = (ReceiptReader.Read(Name, Encoding.UTF8.GetBytes(value.GetRawText())), null);
            return true;
        }
        catch (InvalidRequestException)
        {
            (result, problem) = (null, "has no receipts: send what 'emulate --json' printed, or an answer of GET /emulator/ or GET /emulator/ID");
            return false;
        }
    }

    /// <inheritdoc/>
    protected override OpenApiSchema Values() => new() { Type = JsonSchemaType.Object | JsonSchemaType.Array };
}
