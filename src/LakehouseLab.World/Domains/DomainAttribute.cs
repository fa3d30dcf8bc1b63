namespace LakehouseLab.World.Domains;

/// <summary>Registers a domain: <c>[assembly: Domain&lt;TicketDomain&gt;]</c> in the file of the domain is all that <see cref="Domain.All"/> needs.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public abstract class DomainAttribute : Attribute
{
    private protected DomainAttribute()
    {
    }

    /// <summary>Place among all domains, from 1; those without one come after the others, in order of their names.</summary>
    public int Place { get; init; } = int.MaxValue;

    /// <summary>Makes the domain.</summary>
    internal abstract Domain Make();
}

/// <summary>Registers a domain.</summary>
/// <typeparam name="T">The domain.</typeparam>
public sealed class DomainAttribute<T> : DomainAttribute
    where T : Domain, new()
{
    /// <inheritdoc/>
    internal override Domain Make() => new T();
}
