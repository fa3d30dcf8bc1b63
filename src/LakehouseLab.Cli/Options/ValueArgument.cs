using System.CommandLine;
using System.CommandLine.Parsing;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Options;

/// <summary>An argument of one value, which is read and checked when the command line is.</summary>
/// <typeparam name="T">What the value is; nullable when nothing holds unless it is given.</typeparam>
internal sealed class ValueArgument<T> : Argument<StatedValue?>, IValueSymbol
{
    private readonly Func<string, T> _parse;

    /// <summary>Declares an argument.</summary>
    /// <param name="name">Its name in one word.</param>
    /// <param name="valueName">What stands for it in help, such as <c>TABLE</c>.</param>
    /// <param name="description">What it says.</param>
    /// <param name="parse">Reads a value, or throws an <see cref="InvalidRequestException"/> with a whole sentence.</param>
    public ValueArgument(string name, string valueName, string description, Func<string, T> parse)
        : base(name)
    {
        _parse = parse;
        HelpName = valueName;
        Description = description;
        Arity = ArgumentArity.ExactlyOne;
        CustomParser = Read;
    }

    /// <summary>Declares an argument that is one of a few words.</summary>
    public ValueArgument(string name, string description, Choices<T> choices)
        : this(name, choices.Text, description, text => new StatedText(text, name).Read(choices.Parse)) => this.Offer(choices.GetWords);

    /// <summary>What holds when the argument is left out, which stating this allows.</summary>
    public T Default
    {
        get;
        init
        {
            field = value;
            Arity = ArgumentArity.ZeroOrOne;
        }
    } = default!;

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
            return new StatedValue(_parse(result.Tokens[0].Value), Name);
        }
        catch (InvalidRequestException refusal)
        {
            result.AddError(refusal.Message);
            return null;
        }
    }
}
