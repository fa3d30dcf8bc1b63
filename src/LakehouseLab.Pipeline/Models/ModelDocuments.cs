using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Models;

/// <summary>JSON of models' metadata.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ModelDocuments : JsonSerializerContext;
