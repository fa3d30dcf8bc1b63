using System.Text.Json;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit.Accounts;

/// <summary>
/// Reads receipts: what <c>emulate --json</c> or <c>run --json</c> printed, and what the service answers to <c>GET /emulator/</c> and
/// <c>GET /emulator/{id}</c>. A file may hold several documents one after the other.
/// </summary>
public static class ReceiptReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="json">What it holds.</param>
    /// <exception cref="InvalidRequestException">It holds no receipts.</exception>
    public static IReadOnlyList<Receipt> Read(string source, ReadOnlySpan<byte> json)
    {
        List<Receipt> receipts = [];
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                Collect(source, document.RootElement, receipts);
            }
        }
        catch (JsonException exception)
        {
            throw new InvalidRequestException($"'{source}' is not JSON: {exception.Message.ReplaceLineEndings(" ")} Give what emulate --json printed, or the service's answer to GET /emulator/", exception);
        }

        return receipts.Count > 0 ? receipts
            : throw new InvalidRequestException($"'{source}' has no receipts: expected is what emulate --json printed, or the service's answer to GET /emulator/ or GET /emulator/ID");
    }

    private static void Collect(string source, JsonElement element, List<Receipt> receipts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(source, item, receipts);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if ((FromCommand(source, element) ?? FromService(source, element)) is { } receipt)
            {
                receipts.Add(receipt);
                return;
            }

            foreach (JsonProperty member in element.EnumerateObject())
            {
                Collect(source, member.Value, receipts);
            }
        }
    }

    private static Receipt? FromCommand(string source, JsonElement element)
    {
        if (!element.TryGetProperty("emulations", out JsonElement ids) || ids.ValueKind != JsonValueKind.Array
            || Text(element, "domain") is not { } domain || Number(element, "first_row") is not { } firstRow || Number(element, "rows") is not { } rows)
        {
            return null;
        }

        return new Receipt(source, domain, [.. ids.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.String && id.TryGetGuid(out Guid parsed) ? parsed : Guid.Empty)], firstRow, rows);
    }

    private static Receipt? FromService(string source, JsonElement element) =>
        element.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out Guid emulation) && Text(element, "emulation_domain") is { } domain
            ? new Receipt(source, domain, [emulation], null, element.TryGetProperty("progress", out JsonElement progress) ? Number(progress, "rows") ?? 0 : 0)
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;
}
