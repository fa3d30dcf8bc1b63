namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// Shares out a fixed number of tickets among names, the first ones of a list more than the last, so that who draws a ticket draws a name, and the
/// ticket's number among those of its name tells namesakes apart. Immutable.
/// </summary>
internal sealed class NameTickets
{
    private readonly int[] _names;

    /// <summary>Shares tickets out.</summary>
    /// <param name="names">How many names there are.</param>
    /// <param name="tickets">How many tickets there are, at least as many as names.</param>
    /// <param name="flatness">The n-th name, from 0, gets tickets in proportion to 1 ÷ (flatness + n).</param>
    public NameTickets(int names, int tickets, double flatness)
    {
        double[] weights = [.. Enumerable.Range(0, names).Select(name => 1 / (flatness + name))];
        double total = weights.Sum();
        _names = new int[tickets];
        double passed = 0;
        int given = 0;
        for (int name = 0; name < names; name++)
        {
            passed += weights[name];
            int left = names - name - 1;
            int end = Math.Clamp((int)((passed / total * tickets) + 0.5), given + 1, tickets - left);
            Array.Fill(_names, name, given, (left == 0 ? tickets : end) - given);
            given = end;
        }
    }

    /// <summary>How many tickets there are.</summary>
    public int Count => _names.Length;

    /// <summary>The name of a ticket.</summary>
    public int NameOf(int ticket) => _names[ticket];
}
