using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>schema</c>: a domain's schema in the language of another system.</summary>
internal sealed class SchemaCommand : CommandWithExample
{
    private const string As = "--as";
    private const string JsonSchema = "json-schema";
    private static readonly string[] s_languages = [JsonSchema, "avro", "sql", "csv-header"];

    private readonly Argument<string> _domain = new("domain") { Description = "Whose schema.", HelpName = DomainName.Choices };

    public SchemaCommand(Surroundings surroundings)
        : base("schema", "Show a domain's schema as other systems read it.", "lakelab schema transaction --as sql")
    {
        Add(_domain);
        Add(new Option<string>(As) { Description = $"In which language [{JsonSchema}]", HelpName = string.Join('|', s_languages) });
        Add([KnownSettings.Labels]);
        Runs(surroundings, RunAsync);
    }

    private Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        DomainSchema schema = DomainName.Parse(call.Argument(_domain));
        if (call.Settings.Get(KnownSettings.Labels) == "none")
        {
            schema = schema with { Fields = [.. schema.Fields.Where(field => !field.IsLabel)] };
        }

        string language = call.Flag(As, static text => Choice.Parse(text, s_languages), JsonSchema);
        call.Surroundings.Text.Write(language switch
        {
            "avro" => SchemaDocument.ToAvro(schema),
            "sql" => SchemaDocument.ToSql(schema),
            "csv-header" => SchemaDocument.ToCsvHeader(schema),
            _ => SchemaDocument.ToJsonSchema(schema),
        });
        return Task.FromResult(ExitCode.Done);
    }
}
