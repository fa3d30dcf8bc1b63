using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Cli.Options;

/// <summary>A flag or argument whose errors are whole sentences: what was given and what is allowed.</summary>
internal interface IValueSymbol
{
    /// <summary>Values that a shell offers by the models that the command line has; null when they do not depend on them.</summary>
    Func<ModelCatalog, IEnumerable<string>>? OffersOfModels { get; }

    /// <summary>Whether the value is a list with commas, so that a shell completes its last entry.</summary>
    bool IsList { get; }
}
