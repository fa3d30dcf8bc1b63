using LakehouseLab.Formats.Lines;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Formats.Json;

/// <summary>Writes the rows of a batch as JSON, one object a line, fields in the schema's order, absent ones left out.</summary>
/// <param name="batch">The batch whose rows it writes.</param>
/// <param name="labels">Whether labels are written.</param>
public sealed class JsonBatchWriter(RecordBatch batch, bool labels) : LineBatchWriter(batch, labels, JsonSyntax.Instance);
