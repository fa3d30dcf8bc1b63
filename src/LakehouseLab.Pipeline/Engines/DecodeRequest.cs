using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>Which records are decoded, and as what.</summary>
/// <param name="Bronze">The Bronze table.</param>
/// <param name="Files">Its files, in the order of their records.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Foreign">The emulations whose records are not the lake's own.</param>
/// <param name="Treatment">What becomes of their records.</param>
internal sealed record DecodeRequest(TableVersion Bronze, IReadOnlyList<AddFile> Files, Domain Domain, IReadOnlyList<string> Foreign, ForeignTreatment Treatment);
