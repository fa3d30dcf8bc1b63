using System.Reflection;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Domains;

/// <summary>
/// All that is particular to one kind of records: what they look like, what identifies them, whether they replace each other, and who
/// makes them. Whoever handles records asks their domain, and never what it is called. Immutable; there is one of each.
/// </summary>
public abstract class Domain
{
    /// <summary>Makes a domain.</summary>
    /// <param name="schema">What its records look like.</param>
    /// <param name="key">What identifies them.</param>
    /// <param name="validity">How they replace each other; null when they do not.</param>
    protected Domain(DomainSchema schema, KeyCodec key, Validity? validity = null)
    {
        Schema = schema;
        Key = key;
        Validity = validity;
        SilverFields = validity is null ? schema.Fields : [.. schema.Fields, validity.Column];
    }

    /// <summary>All domains, in the order in which they are listed.</summary>
    public static IReadOnlyList<Domain> All { get; } =
    [
        .. typeof(Domain).Assembly.GetCustomAttributes<DomainAttribute>()
            .Select(attribute => (attribute.Place, Domain: attribute.Make()))
            .OrderBy(entry => entry.Place)
            .ThenBy(entry => entry.Domain.Name, StringComparer.Ordinal)
            .Select(entry => entry.Domain),
    ];

    /// <summary>The domain in which rows are counted when all domains are asked for; the others follow its span of time.</summary>
    public static Domain Measure { get; } = All.Single(domain => domain.IsMeasure);

    /// <summary>Name on the command line and in requests, such as <c>transaction</c>.</summary>
    public string Name => Schema.Name;

    /// <summary>Name of its table in every layer, such as <c>transactions</c>.</summary>
    public string Table => Schema.Table;

    /// <summary>Name of its Kafka topic.</summary>
    public string Topic => Schema.Topic;

    /// <summary>What its records look like.</summary>
    public DomainSchema Schema { get; }

    /// <summary>What identifies its records.</summary>
    public KeyCodec Key { get; }

    /// <summary>How its records replace each other; null when they do not.</summary>
    public Validity? Validity { get; }

    /// <summary>The name in Silver of the table of all its records.</summary>
    public string SilverTable => Validity?.HistoryTable ?? Table;

    /// <summary>The columns of that table that come from its records, in order.</summary>
    public IReadOnlyList<Field> SilverFields { get; }

    /// <summary>The columns of its table of present versions, in order: those of <see cref="SilverFields"/> without what <see cref="Validity"/> replaces in the key.</summary>
    public IReadOnlyList<Field> PresentFields => [.. SilverFields.Where(own => !Key.Fields.Contains(own) || Key.Columns.Contains(own))];

    /// <summary>Whether this is <see cref="Measure"/>.</summary>
    public virtual bool IsMeasure => false;

    /// <summary>Whether rows can be fraudulent or part of an episode.</summary>
    public virtual bool HasTruth => false;

    /// <summary>The domain of a name.</summary>
    /// <param name="name">Name as on the command line.</param>
    /// <returns>The domain, or null when there is no such domain.</returns>
    public static Domain? Find(string name) =>
        All.FirstOrDefault(domain => string.Equals(domain.Name, name, StringComparison.Ordinal));

    /// <summary>The one domain of a type.</summary>
    public static T Of<T>()
        where T : Domain => All.OfType<T>().Single();

    /// <summary>Makes a factory of the domain's rows.</summary>
    internal abstract IDataFactory CreateFactory(WorldParts parts);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
