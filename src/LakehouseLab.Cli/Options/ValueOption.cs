using System.CommandLine;
using System.CommandLine.Parsing;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Options;

/// <summary>A flag with one value, which is read and checked when the command line is.</summary>
/// <remarks>The library sees every value as one type, so that its generic code is loaded once and not for each <typeparamref name="T"/> at every start.</remarks>
/// <typeparam name="T">What the value is; nullable when nothing holds unless the flag is given.</typeparam>
internal class ValueOption<T> : Option<StatedValue?>, IValueSymbol
{
    private readonly Func<string, T> _parse;

    /// <summary>Declares a flag.</summary>
    /// <param name="name">Its name with hyphens, such as <c>--rows</c>.</param>
    /// <param name="valueName">What stands for its value in help, such as <c>COUNT</c>.</param>
    /// <param name="description">What it says, with its default in brackets.</param>
    /// <param name="parse">Reads a value, or throws an <see cref="InvalidRequestException"/> whose message follows the quoted text.</param>
    public ValueOption(string name, string valueName, string description, Func<string, T> parse)
        : base(name)
    {
        _parse = parse;
        HelpName = valueName;
        Description = description;
        Arity = ArgumentArity.ExactlyOne;
        CustomParser = Read;
    }

    /// <summary>Declares a flag that takes one of a few words.</summary>
    public ValueOption(string name, string description, Choices<T> choices)
        : this(name, choices.Text, description, choices.Parse) => this.Offer(choices.GetWords);

    /// <summary>What holds when the flag is not given.</summary>
    public T Default { get; init; } = default!;

    /// <summary>Values that a shell offers.</summary>
    public Func<IEnumerable<string>> Offers
    {
        init => this.Offer(value);
    }

    /// <inheritdoc/>
    public Func<ModelCatalog, IEnumerable<string>>? OffersOfModels { get; init; }

    /// <inheritdoc/>
    public bool IsList { get; init; }

    private StatedValue? Read(ArgumentResult result)
    {
        try
        {
            StatedText stated = new(result.Tokens[0].Value, Name);
            return new StatedValue(stated.Read(_parse), stated.Origin);
        }
        catch (InvalidRequestException refusal)
        {
            result.AddError(refusal.Message);
            return null;
        }
    }
}
