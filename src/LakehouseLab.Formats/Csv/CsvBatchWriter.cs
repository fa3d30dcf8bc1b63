using LakehouseLab.Formats.Lines;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Formats.Csv;

/// <summary>Writes the rows of a batch as CSV without header (RFC 4180, but with line feeds), fields in the schema's order
/// and values spelled as in JSON. An absent value is empty, an empty text is a pair of quotes.</summary>
/// <param name="batch">The batch whose rows it writes.</param>
/// <param name="labels">Whether labels are written.</param>
public sealed class CsvBatchWriter(RecordBatch batch, bool labels) : LineBatchWriter(batch, labels, CsvSyntax.Instance);
