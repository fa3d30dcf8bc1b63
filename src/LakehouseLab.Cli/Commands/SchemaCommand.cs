using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>schema</c>: a domain's schema in the language of another system.</summary>
internal sealed class SchemaCommand : CommandWithExample
{
    private const string JsonSchema = "json-schema";

    private readonly ValueArgument<Domain> _domain = new("domain", DomainName.Choices, "Whose schema.", DomainName.Parse) { Offers = static () => DomainName.Words };
    private readonly ValueOption<string> _language = new("--as", $"In which language [{JsonSchema}]", Choices.Of(JsonSchema, "avro", "sql", "csv-header")) { Default = JsonSchema };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("schema", "Show a domain's schema as other systems read it.", "lakelab schema transaction --as sql", DomainName.Choices);

    public SchemaCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_domain);
        Add(_language);
        Add(KnownSettings.Labels);
        Runs(surroundings, RunAsync);
    }

    private Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        DomainSchema schema = call.Get(_domain).Schema;
        if (!call.Settings.Get(KnownSettings.Labels))
        {
            schema = schema with { Fields = [.. schema.Fields.Where(field => !field.IsLabel)] };
        }

        call.Surroundings.Text.Write(call.Get(_language) switch
        {
            "avro" => SchemaDocument.ToAvro(schema),
            "sql" => SchemaDocument.ToSql(schema),
            "csv-header" => SchemaDocument.ToCsvHeader(schema),
            _ => SchemaDocument.ToJsonSchema(schema),
        });
        return Task.FromResult(ExitCode.Done);
    }
}
